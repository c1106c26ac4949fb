/** Writes down what a local stack holds that must not leak, and everything that it wrote. */
import * as v from 'valibot';
import { accessLogLine } from '../../local/gateway/access-log-line.ts';
import type { AccessRecord } from '../../local/gateway/gateway.ts';
import type { LocalStack } from '../../local/local-stack.ts';
import { storedItems } from '../../test-kit/stored.ts';
import type { Ledger } from './ledger.ts';

const secretValue = v.object({ SecretString: v.string() });
const keySet = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keys: v.array(v.object({ jwk: v.record(v.string(), v.string()) })) }),
);
/** The private members of an RSA key (RFC 7518, section 6.3.2). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** `access` is what its gateway answered. */
export async function noteStack(
  ledger: Ledger,
  stack: LocalStack,
  access: readonly AccessRecord[],
): Promise<void> {
  await noteSecrets(ledger, stack);
  for (const { phoneNumber, code } of stack.provider.sends) {
    ledger.protect('number', phoneNumber);
    ledger.protect('code', code);
  }
  for (const { line } of stack.logLines) ledger.wrote(line.includes('"_aws"') ? 'metric' : 'log', line);
  for (const record of access)
    ledger.wrote('access log', accessLogLine(stack.deployment.accessLogFormat, record));
  for (const [key, item] of await storedItems(stack)) {
    const text = JSON.stringify({ key, ...item });
    ledger.wrote('stored item', text);
  }
  ledger.wrote('CloudFormation', JSON.stringify(stack.deployment.template));
}

async function noteSecrets(ledger: Ledger, { secretsManager, deployment }: LocalStack): Promise<void> {
  for (const { logicalId, arn } of deployment.secrets) {
    const answer = await secretsManager.call('GetSecretValue', { SecretId: arn }).catch(() => undefined);
    const read = v.safeParse(secretValue, answer);
    if (!read.success) continue;
    const value = read.output.SecretString;
    if (logicalId.startsWith('Identity')) ledger.protect('identity secret', value);
    else if (logicalId.startsWith('Code')) ledger.protect('code secret', value);
    else if (logicalId.startsWith('Session')) ledger.protect('session secret', value);
    else if (logicalId.startsWith('Sms')) ledger.protect('provider key', value);
    else if (logicalId.startsWith('Signing')) {
      for (const { jwk } of v.parse(keySet, value).keys)
        for (const member of privateMembers) ledger.protect('signing key', jwk[member] ?? '');
    }
  }
}
