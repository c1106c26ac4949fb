/** Handles the provider's key in a local stack as the security team and the provider's dashboard do. */
import { randomBytes } from 'node:crypto';
import type { MessageCode } from '../functions/runtime/message-codes.ts';
import type { LocalStack } from '../local/local-stack.ts';

/** A key of the provider's shape. */
export function freshProviderKey(): string {
  return `sm_live_${randomBytes(20).toString('hex')}`;
}

/** The ARN of the secret that the request function reads the key from. */
function smsSecretArn({ deployment }: LocalStack): string {
  const arn = deployment.functions.find(({ name }) => name === 'request-otp')?.environment['SMS_SECRET_ARN'];
  if (arn === undefined) throw new Error('request-otp has no SMS_SECRET_ARN');
  return arn;
}

/** Stores a value as the provider's key: current at once, as the printed command does, or under a label. */
export async function storeProviderKey(stack: LocalStack, value: string, label?: string): Promise<void> {
  await stack.secretsManager.call('PutSecretValue', {
    SecretId: smsSecretArn(stack),
    SecretString: value,
    ...(label !== undefined && { VersionStages: [label] }),
  });
}

/** Makes a key that the provider takes, and stores it as the next one. */
export async function storeCandidate(stack: LocalStack): Promise<string> {
  const key = freshProviderKey();
  stack.provider.control({ addKey: { key, label: key.slice(-6) } });
  await storeProviderKey(stack, key, 'CANDIDATE');
  return key;
}

/** Makes a key in the dashboard, and stores it. */
export async function rotate(stack: LocalStack, label: string): Promise<void> {
  const key = freshProviderKey();
  stack.provider.control({ addKey: { key, label } });
  await storeProviderKey(stack, key);
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
