/** Entry of the function that Secrets Manager calls to rotate the code secret: wiring only. */
import * as v from 'valibot';
import { reportedStep, rotationEventSchema } from './http/rotation-endpoint.ts';
import { codeSecretRotation } from './rotation/code-secret-rotation.ts';
import { rotateSecret } from './rotation/rotate-secret.ts';
import { openSecretVersions } from './rotation/secret-versions.ts';
import { prepared, variable } from './runtime/prepared.ts';
import { connectSecretsManager } from './secrets/secret-readers.ts';

const world = prepared(() => {
  const arn = variable('CODE_SECRET_ARN');
  return {
    eventSchema: rotationEventSchema(arn),
    versions: openSecretVersions(connectSecretsManager(), arn),
  };
});

const codes = { done: 'rotate-code-secret.done', failed: 'rotate-code-secret.failed' } as const;

/** Runs one step. Throws if it failed, which tells Secrets Manager. */
export async function handler(event: unknown): Promise<void> {
  const { eventSchema, versions } = world();
  const { Step: step, ClientRequestToken: versionId } = v.parse(eventSchema, event);
  return reportedStep(codes, { step, requestId: versionId }, () =>
    rotateSecret(versions, codeSecretRotation, { step, versionId }),
  );
}
