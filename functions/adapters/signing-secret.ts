/** The signing-key secret as its rotation function sees it: versions, labels, and one value per version. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { RotationPorts } from '../tokens/rotate-signing-key.ts';
import { parseKeySet } from '../tokens/signing-key-set.ts';

type SecretPorts = Pick<
  RotationPorts,
  'labelsOf' | 'readCurrent' | 'readVersion' | 'storePending' | 'makeCurrent' | 'giveUp'
>;

/** Opens the secret `arn`. */
export function openSigningSecret(client: SecretsManagerClient, arn: string): SecretPorts {
  return {
    labelsOf: async (versionId) => {
      const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
      return VersionIdsToStages?.[versionId];
    },
    readCurrent: async () => {
      const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: 'AWSCURRENT' });
      const { VersionId: versionId = '', SecretString = '' } = await client.send(command);
      return { versionId, keySet: parseKeySet(SecretString) };
    },
    readVersion: async (versionId) => {
      try {
        const command = new GetSecretValueCommand({
          SecretId: arn,
          VersionId: versionId,
          VersionStage: 'AWSPENDING',
        });
        const { SecretString } = await client.send(command);
        return SecretString === undefined ? undefined : parseKeySet(SecretString);
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    storePending: async (versionId, keySet) => {
      await client.send(
        new PutSecretValueCommand({
          SecretId: arn,
          ClientRequestToken: versionId,
          SecretString: JSON.stringify(keySet),
          VersionStages: ['AWSPENDING'],
        }),
      );
    },
    giveUp: async (versionId) => {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: arn,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: versionId,
        }),
      );
    },
    makeCurrent: async (versionId, previousVersionId) => {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: arn,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: versionId,
          RemoveFromVersionId: previousVersionId,
        }),
      );
    },
  };
}
