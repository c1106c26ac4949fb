/** The signing-key secret as its rotation function sees it: versions, labels, and one set of keys per version. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseKeySet } from '../tokens/signing-key-set.ts';
import { holderOf } from './rotate-secret.ts';
import type { RotationPorts } from './rotate-signing-key.ts';
import { openSecretVersions } from './secret-versions.ts';

type SecretPorts = Pick<
  RotationPorts,
  'labelsOf' | 'readCurrent' | 'readVersion' | 'storePending' | 'makeCurrent' | 'giveUp'
>;

/** Opens the secret `arn`. */
export function openSigningSecret(client: SecretsManagerClient, arn: string): SecretPorts {
  const versions = openSecretVersions(client, arn);
  const readVersion: SecretPorts['readVersion'] = async (versionId) => {
    const value = await versions.read(versionId);
    return value === undefined ? undefined : parseKeySet(value);
  };
  return {
    labelsOf: async (versionId) => (await versions.labels()).get(versionId),
    readCurrent: async () => {
      const versionId = holderOf(await versions.labels(), 'AWSCURRENT') ?? '';
      const keySet = await readVersion(versionId);
      if (keySet === undefined) throw new Error('the secret has no current version');
      return { versionId, keySet };
    },
    readVersion,
    storePending: (versionId, keySet) => versions.storePending(versionId, JSON.stringify(keySet)),
    makeCurrent: (to, from) => versions.moveLabel('AWSCURRENT', { to, from }),
    giveUp: (from) => versions.moveLabel('AWSPENDING', { from }),
  };
}
