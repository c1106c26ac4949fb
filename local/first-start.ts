/** What a deployment and the security team do once: secrets, the first signing key, a provider key. */
import { randomBytes } from 'node:crypto';
import type { SecretsManager } from './aws/secrets-manager.ts';
import type { Deployment } from './deployed.ts';
import type { FakeProvider } from './startmessaging/start.ts';

interface FirstStart {
  readonly secretsManager: SecretsManager;
  readonly provider: FakeProvider;
  /** False leaves the provider's secret empty. */
  readonly storesProviderKey: boolean;
  readonly onProgress: (step: string) => void;
}

/** Makes the secrets that are missing; if any was, also what follows a first deployment. */
export async function deploySecrets(
  deployment: Deployment,
  { secretsManager, provider, storesProviderKey, onProgress }: FirstStart,
): Promise<void> {
  const rotations = new Map(deployment.rotations.map((r) => [r.secretArn, r.functionArn] as const));
  if (!secretsManager.deploy(deployment.secrets, rotations)) return;
  onProgress('making the first signing key, by the rotation function');
  for (const { secretArn, startsAtOnce } of deployment.rotations) {
    if (startsAtOnce) await secretsManager.call('RotateSecret', { SecretId: secretArn });
    else await secretsManager.tryRotation(secretArn);
  }
  if (!storesProviderKey) return;
  onProgress('storing a provider key, as the security team would');
  await storeProviderKey(deployment, { provider, secretsManager });
}

/** Makes a key of the provider's shape, tells the provider, and stores it in the secret of the request function. */
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
