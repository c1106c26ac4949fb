/** Entry of the function that Secrets Manager calls to rotate the provider's key: wiring only. */
import * as v from 'valibot';
import { reportedStep, rotationEventSchema } from './http/rotation-endpoint.ts';
import { connectProvider, tryProviderKey } from './provider/startmessaging.ts';
import { isForgotten } from './rotation/forgotten-candidate.ts';
import {
  candidateLabel,
  providerKeyRotation,
  type TryKey,
  tryLabelled,
} from './rotation/provider-key-rotation.ts';
import { rotateSecret } from './rotation/rotate-secret.ts';
import { openSecretVersions, storedAt } from './rotation/secret-versions.ts';
import { epochSeconds } from './runtime/clock.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { report } from './runtime/report.ts';
import { connectSecretsManager } from './secrets/secret-readers.ts';

const world = prepared(() => {
  const arn = variable('SMS_SECRET_ARN');
  const provider = parsedVariable('PROVIDER_URL', connectProvider);
  const tryKey: TryKey = (key) => tryProviderKey(provider, key);
  const client = connectSecretsManager();
  const versions = openSecretVersions(client, arn);
  // Three steps besides Secrets Manager's four: people try the candidate or the key in use, and a schedule checks whether
  // the candidate was forgotten.
  const own = v.picklist(['tryCandidate', 'tryCurrent', 'watchCandidate']);
  return {
    eventSchema: v.variant('Step', [
      rotationEventSchema(arn),
      v.strictObject({ Step: own, SecretId: v.literal(arn) }),
    ]),
    candidateStoredAt: () => storedAt(client, arn, candidateLabel),
    versions,
    tryKey,
    rotation: providerKeyRotation(versions, tryKey),
  };
});

const codes = { done: 'rotate-provider-key.done', failed: 'rotate-provider-key.failed' } as const;

/** Runs one step. Throws if it failed. */
export async function handler(event: unknown): Promise<void> {
  const { eventSchema, versions, tryKey, rotation, candidateStoredAt } = world();
  const asked = v.parse(eventSchema, event);
  if ('ClientRequestToken' in asked) {
    const { Step: step, ClientRequestToken: versionId } = asked;
    const rotating = () => rotateSecret(versions, rotation, { step, versionId });
    return reportedStep(codes, { step, requestId: versionId }, rotating);
  }
  const { Step: step } = asked;
  if (step === 'watchCandidate') {
    if (isForgotten(await candidateStoredAt(), epochSeconds()))
      report({ code: 'rotate-provider-key.candidate-forgotten', requestId: step });
    return;
  }
  const label = step === 'tryCandidate' ? candidateLabel : 'AWSCURRENT';
  return reportedStep(codes, { step, requestId: step }, () => tryLabelled(versions, tryKey, label));
}
