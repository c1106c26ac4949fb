/** Provider keys for tests, made at run time: nothing that looks like a real one is ever written down. */
import { randomBytes } from 'node:crypto';
import type { LocalStack } from '../../local/local-stack.ts';

/** A key of the provider's shape. */
export function freshProviderKey(): string {
  return `sm_live_${randomBytes(20).toString('hex')}`;
}

/** Stores a value as the provider's key, current at once. */
export async function storeProviderKey(stack: LocalStack, value: string): Promise<void> {
  const secret = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'SmsSecret');
  await stack.secretsManager.call('PutSecretValue', { SecretId: secret?.arn, SecretString: value });
}
