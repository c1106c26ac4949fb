/** Stores the next provider key under its own label. Nothing here prints the key. */
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { isProviderKey } from '../../functions/secrets/provider-key-format.ts';
import { Advice } from '../../terminal/advice.ts';
import type { KeysDeployment } from './keys-deployment.ts';
import { candidateLabel } from './provider-key-versions.ts';

/** Stores `key` as the candidate; throws `Advice` where its form is not that of a key. */
export async function storeCandidate({ secrets, arnOf }: KeysDeployment, key: string): Promise<void> {
  if (!isProviderKey(key)) {
    throw new Advice(
      'That is not a StartMessaging key: expected sm_live_ and 40 lower-case hexadecimal digits.',
    );
  }
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: arnOf('SmsSecret'),
      SecretString: key,
      VersionStages: [candidateLabel],
    }),
  );
}
