/** The provider's key in a local stack, as the security team and the provider's dashboard handle it. */
import { randomBytes } from 'node:crypto';
import type { MessageCode } from '../../functions/http/message-codes.ts';
import type { LocalStack } from '../../local/local-stack.ts';

/** A key of the provider's shape. */
export function makeKey(): string {
  return `sm_live_${randomBytes(20).toString('hex')}`;
}

/** The ARN of the secret that the request function reads the key from. */
function smsSecretArn({ deployment }: LocalStack): string {
  const arn = deployment.functions.find(({ name }) => name === 'request-otp')?.environment['SMS_SECRET_ARN'];
  if (arn === undefined) throw new Error('request-otp has no SMS_SECRET_ARN');
  return arn;
}

/** Makes `value` the current one at once, as the printed command does. */
export async function store(stack: LocalStack, value: string): Promise<void> {
  await stack.secretsManager.call('PutSecretValue', { SecretId: smsSecretArn(stack), SecretString: value });
}

/** Makes a key in the dashboard, and stores it. */
export async function rotate(stack: LocalStack, label: string): Promise<void> {
  const key = makeKey();
  stack.provider.control({ addKey: { key, label } });
  await store(stack, key);
}

/** How often the key was read since call number `from`, by label. */
export function keyReads(stack: LocalStack, from = 0): { current: number; previous: number } {
  const arn = smsSecretArn(stack);
  const reads = stack.awsCalls.slice(from).filter(({ secretArn }) => secretArn === arn);
  const count = (stage: string): number => reads.filter(({ versionStage }) => versionStage === stage).length;
  return { current: count('AWSCURRENT'), previous: count('AWSPREVIOUS') };
}

/** The lines of one message code since line number `from`. */
export function linesOf(stack: LocalStack, code: MessageCode, from = 0): readonly string[] {
  return stack.logLines
    .slice(from)
    .map(({ line }) => line)
    .filter((line) => line.includes(`"code":"${code}"`));
}
