/** Entry of the function that Secrets Manager calls to rotate the provider's key: wiring only. */
import * as v from 'valibot';
import { reportedStep, rotationEventSchema } from './http/rotation-endpoint.ts';
import { connectProvider, tryProviderKey } from './provider/startmessaging.ts';
import { isForgotten } from './rotation/forgotten-candidate.ts';
import {
  candidateLabel,
  providerKeyRotation,
  type TryKey,
  tryCandidate,
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
  // Two steps besides Secrets Manager's four: a person tries the candidate, and a schedule checks whether it was forgotten.
  const trial = v.strictObject({ Step: v.literal('tryCandidate'), SecretId: v.literal(arn) });
  const watch = v.strictObject({ Step: v.literal('watchCandidate'), SecretId: v.literal(arn) });
  return {
    eventSchema: v.variant('Step', [rotationEventSchema(arn), trial, watch]),
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
  if (asked.Step === 'tryCandidate') {
    const step = { step: asked.Step, requestId: asked.Step };
    return reportedStep(codes, step, () => tryCandidate(versions, tryKey));
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
