/** Provider keys for tests, made at run time: nothing that looks like a real one is ever written down. */
import { randomBytes } from 'node:crypto';
import type { LocalStack } from '../../local/local-stack.ts';

/** A key of the provider's shape. */
export function freshProviderKey(): string {
  return `sm_live_${randomBytes(20).toString('hex')}`;
}

/** Stores a value as the provider's key, current at once or under a label. */
export async function storeProviderKey(stack: LocalStack, value: string, label?: string): Promise<void> {
  const secret = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'SmsSecret');
  await stack.secretsManager.call('PutSecretValue', {
    SecretId: secret?.arn,
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
