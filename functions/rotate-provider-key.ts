/** Entry of the function that Secrets Manager calls to hand the provider's key over: wiring only. */
import * as v from 'valibot';
import { openSecretVersions } from './adapters/secret-versions.ts';
import { connectSecretsManager } from './adapters/secrets.ts';
import { connectProvider, tryProviderKey } from './adapters/startmessaging.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { reportedStep, rotationEventSchema } from './http/rotation-endpoint.ts';
import { providerKeyRotation, type TryKey, tryCandidate } from './rotation/provider-key-rotation.ts';
import { rotateSecret } from './rotation/rotate-secret.ts';

const world = prepared(() => {
  const arn = variable('SMS_SECRET_ARN');
  const provider = parsedVariable('PROVIDER_URL', connectProvider);
  const tryKey: TryKey = (key) => tryProviderKey(provider, key);
  const versions = openSecretVersions(connectSecretsManager(), arn);
  // Beside Secrets Manager's four: a person with the right to invoke this function tries the candidate.
  const trial = v.strictObject({ Step: v.literal('tryCandidate'), SecretId: v.literal(arn) });
  return {
    eventSchema: v.variant('Step', [rotationEventSchema(arn), trial]),
    versions,
    tryKey,
    rotation: providerKeyRotation(versions, tryKey),
  };
});

const codes = { done: 'rotate-provider-key.done', failed: 'rotate-provider-key.failed' } as const;

/** Runs one step; throws to tell that it failed. */
export async function handler(event: unknown): Promise<void> {
  const { eventSchema, versions, tryKey, rotation } = world();
  const asked = v.parse(eventSchema, event);
  if (asked.Step === 'tryCandidate') {
    const step = { step: asked.Step, requestId: asked.Step };
    return reportedStep(codes, step, () => tryCandidate(versions, tryKey));
  }
  const { Step: step, ClientRequestToken: versionId } = asked;
  return reportedStep(codes, { step, requestId: versionId }, () =>
    rotateSecret(versions, rotation, { step, versionId }),
  );
}
