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
  const own = <const S extends string>(Step: S) =>
    v.strictObject({ Step: v.literal(Step), SecretId: v.literal(arn) });
  return {
    eventSchema: v.variant('Step', [
      rotationEventSchema(arn),
      own('tryCandidate'),
      own('tryCurrent'),
      own('watchCandidate'),
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
  if (asked.Step === 'tryCandidate' || asked.Step === 'tryCurrent') {
    const label = asked.Step === 'tryCandidate' ? candidateLabel : 'AWSCURRENT';
    const step = { step: asked.Step, requestId: asked.Step };
    return reportedStep(codes, step, () => tryLabelled(versions, tryKey, label));
  }
  if (asked.Step === 'watchCandidate') {
    if (isForgotten(await candidateStoredAt(), epochSeconds()))
      report({ code: 'rotate-provider-key.candidate-forgotten', requestId: asked.Step });
    return;
  }
  const { Step: step, ClientRequestToken: versionId } = asked;
  return reportedStep(codes, { step, requestId: versionId }, () =>
    rotateSecret(versions, rotation, { step, versionId }),
  );
}
