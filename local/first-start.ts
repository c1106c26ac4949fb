/** Does once what a deployment and the security team do: secrets, the first signing key, a provider key. */
import { randomBytes } from 'node:crypto';
import type { SecretsManager } from './aws/secrets-manager.ts';
import type { Deployment } from './deployed.ts';
import { keptByFailedCreation } from './replacements.ts';
import type { FakeProvider } from './startmessaging/fake-provider.ts';

interface FirstStart {
  readonly secretsManager: SecretsManager;
  readonly provider: FakeProvider;
  /** False leaves the provider's secret empty. */
  readonly storesProviderKey: boolean;
  readonly onProgress: (step: string) => void;
}

/**
 * Creates the missing secrets, and attaches rotations to those that have none. When that fails, it removes what it has
 * created, as a rollback does, except for what the template keeps even then.
 */
export async function deploySecrets(deployment: Deployment, start: FirstStart): Promise<void> {
  const { secretsManager, provider, storesProviderKey, onProgress } = start;
  const rotations = new Map(deployment.rotations.map((r) => [r.secretArn, r.functionArn] as const));
  const before = await Promise.all(deployment.secrets.map(({ arn }) => describe(secretsManager, arn)));
  const isAttached = new Set(before.filter((secret) => secret?.isRotated).map((secret) => secret?.arn));
  const hasMadeSecrets = secretsManager.deploy(deployment.secrets, rotations);
  const attached = deployment.rotations.filter(({ secretArn }) => !isAttached.has(secretArn));
  try {
    if (attached.length > 0) onProgress('creating the first signing key with the rotation function');
    for (const { secretArn, startsAtOnce } of attached) {
      if (startsAtOnce) await secretsManager.call('RotateSecret', { SecretId: secretArn });
      else await secretsManager.tryRotation(secretArn);
    }
  } catch (error) {
    const kept = keptByFailedCreation(deployment.template);
    const made = deployment.secrets.filter((_, i) => before[i] === undefined);
    secretsManager.remove(made.filter(({ logicalId }) => !kept.includes(logicalId)).map(({ arn }) => arn));
    throw error;
  }
  if (!hasMadeSecrets || !storesProviderKey) return;
  onProgress('storing a provider key, as the security team would');
  await storeProviderKey(deployment, { provider, secretsManager });
}

/** Finds a secret; undefined where there is none. */
async function describe(
  secretsManager: SecretsManager,
  arn: string,
): Promise<{ readonly arn: string; readonly isRotated: boolean } | undefined> {
  try {
    const { RotationEnabled } = Object(await secretsManager.call('DescribeSecret', { SecretId: arn }));
    return { arn, isRotated: RotationEnabled === true };
  } catch {
    return undefined;
  }
}

/** Draws a key in the provider's format, registers it with the local provider, and stores it in the SMS secret. */
export async function storeProviderKey(
  { functions }: Deployment,
  { provider, secretsManager }: Pick<FirstStart, 'provider' | 'secretsManager'>,
): Promise<void> {
  const SecretId = functions
    .map(({ environment }) => environment['SMS_SECRET_ARN'])
    .find((arn) => arn !== undefined);
  const key = `sm_live_${randomBytes(20).toString('hex')}`;
  provider.control({ addKey: { key, label: 'first' } });
  await secretsManager.call('PutSecretValue', { SecretId, SecretString: key });
}
