/** Entry of the function that Secrets Manager calls to rotate the signing keys: wiring only. */
import * as v from 'valibot';
import { replaceSigningKeyNow, rotateSigningKey } from './rotation/rotate-signing-key.ts';
import { openSigningSecret } from './rotation/signing-secret.ts';
import { epochSeconds } from './runtime/clock.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { report } from './runtime/report.ts';
import { connectSecretsManager } from './secrets/secrets.ts';
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
  return {
    /** Whoever may invoke this function can make it rotate this one secret and no other. */
    eventSchema: v.variant('Step', [
      v.object({
        Step: v.picklist(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
        SecretId: v.literal(arn),
        ClientRequestToken: v.string(),
      }),
      // Not Secrets Manager's: a person with the right to invoke this function, in an emergency.
      v.strictObject({
        Step: v.literal('replaceNow'),
        SecretId: v.literal(arn),
        ClientRequestToken: v.pipe(v.string(), v.minLength(32), v.maxLength(64)),
        Withdraw: v.optional(v.array(v.string()), []),
      }),
    ]),
    ports: {
      ...openSigningSecret(connectSecretsManager(), arn),
      now: epochSeconds,
      longestTokenSeconds: longestTokenSeconds(settings),
      publish: (jwks: string) => publishKeys(table, jwks),
      readPublished: () => readPublishedKeys(table, AbortSignal.timeout(answerDeadlineMs)),
      generateKey: generateSigningKey,
      tryKey,
    },
  };
});

/** Runs one step; throws to tell Secrets Manager that it failed. */
export async function handler(event: unknown): Promise<void> {
  const { eventSchema, ports } = world();
  const asked = v.parse(eventSchema, event);
  const { Step: reason, ClientRequestToken } = asked;
  const requestId = ClientRequestToken;
  try {
    if (asked.Step === 'replaceNow') await replaceSigningKeyNow(ports, ClientRequestToken, asked.Withdraw);
    else await rotateSigningKey(ports, asked.Step, ClientRequestToken);
    const code = asked.Step === 'replaceNow' ? 'rotate-signing-key.replaced' : 'rotate-signing-key.done';
    report({ code, requestId, reason });
  } catch (error) {
    report({ code: 'rotate-signing-key.failed', requestId, reason });
    throw error;
  }
}
