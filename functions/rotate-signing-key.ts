/** Entry of the function that Secrets Manager calls to rotate the signing keys: wiring only. */
import * as v from 'valibot';
import { reportedStep, rotationEventSchema } from './http/rotation-endpoint.ts';
import { rotateSecret } from './rotation/rotate-secret.ts';
import { openSecretVersions } from './rotation/secret-versions.ts';
import {
  replaceSigningKeyNow,
  type SigningKeyPorts,
  signingKeyRotation,
} from './rotation/signing-key-rotation.ts';
import { epochSeconds } from './runtime/clock.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { connectSecretsManager } from './secrets/secret-readers.ts';
import { answerDeadlineMs } from './settings/fixed-numbers.ts';
import { parseSettings } from './settings/settings.ts';
import { publishKeys, readPublishedKeys } from './table/published-keys.ts';
import { openTable } from './table/table.ts';
import { longestTokenSeconds } from './tokens/access-token.ts';
import { generateSigningKey, tryKey } from './tokens/rsa-key.ts';

const world = prepared(() => {
  const table = openTable(variable('TABLE_NAME'));
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  const arn = variable('SIGNING_SECRET_ARN');
  const versions = openSecretVersions(connectSecretsManager(), arn);
  const ports: SigningKeyPorts = {
    now: epochSeconds,
    longestTokenSeconds: longestTokenSeconds(settings),
    publish: (jwks) => publishKeys(table, jwks),
    readPublished: () => readPublishedKeys(table, AbortSignal.timeout(answerDeadlineMs)),
    generateKey: generateSigningKey,
    tryKey,
  };
  // One step besides Secrets Manager's four: in an emergency, a person with the right to invoke this function calls it.
  const replacement = v.strictObject({
    Step: v.literal('replaceNow'),
    SecretId: v.literal(arn),
    ClientRequestToken: v.pipe(v.string(), v.minLength(32), v.maxLength(64)),
    Withdraw: v.optional(v.array(v.string()), []),
  });
  return {
    eventSchema: v.variant('Step', [rotationEventSchema(arn), replacement]),
    versions,
    ports,
    rotation: signingKeyRotation(versions, ports),
  };
});

/** Runs one step. Throws if it failed, which tells Secrets Manager. */
export async function handler(event: unknown): Promise<void> {
  const { eventSchema, versions, ports, rotation } = world();
  const asked = v.parse(eventSchema, event);
  const { Step: step, ClientRequestToken: versionId } = asked;
  const done = step === 'replaceNow' ? 'rotate-signing-key.replaced' : 'rotate-signing-key.done';
  return reportedStep({ done, failed: 'rotate-signing-key.failed' }, { step, requestId: versionId }, () =>
    asked.Step === 'replaceNow'
      ? replaceSigningKeyNow(versions, ports, { versionId, withdrawn: asked.Withdraw })
      : rotateSecret(versions, rotation, { step: asked.Step, versionId }),
  );
}
