/** Entry of the function that Secrets Manager calls to rotate the session secret: wiring only. */
import * as v from 'valibot';
import { reportedStep, rotationEventSchema } from './http/rotation-endpoint.ts';
import { rotateSecret } from './rotation/rotate-secret.ts';
import { openSecretVersions, storedAt } from './rotation/secret-versions.ts';
import { sessionSecretRotation } from './rotation/session-secret-rotation.ts';
import { epochSeconds } from './runtime/clock.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { connectSecretsManager } from './secrets/secret-readers.ts';
import { parseSettings } from './settings/settings.ts';

const world = prepared(() => {
  const arn = variable('SESSION_SECRET_ARN');
  const idleDays = parsedVariable('SETTINGS', (text) => {
    const { sessions } = parseSettings(JSON.parse(text));
    if (sessions === 'off') throw new TypeError('expected sessions');
    return sessions.idleDays;
  });
  const client = connectSecretsManager();
  return {
    eventSchema: rotationEventSchema(arn),
    versions: openSecretVersions(client, arn),
    rotation: sessionSecretRotation({
      idleDays,
      now: epochSeconds,
      storedAt: (label) => storedAt(client, arn, label),
    }),
  };
});

const codes = { done: 'rotate-session-secret.done', failed: 'rotate-session-secret.failed' } as const;

/** Runs one step. Throws if it failed, which tells Secrets Manager. */
export async function handler(event: unknown): Promise<void> {
  const { eventSchema, versions, rotation } = world();
  const { Step: step, ClientRequestToken: versionId } = v.parse(eventSchema, event);
  return reportedStep(codes, { step, requestId: versionId }, () =>
    rotateSecret(versions, rotation, { step, versionId }),
  );
}
