/** The versions and labels of one secret, as its rotation function sees them. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { SecretVersions } from './rotate-secret.ts';

/** When the value under a label was stored, in epoch seconds; undefined when no version has the label. */
export async function storedAt(
  client: SecretsManagerClient,
  arn: string,
  label: string,
): Promise<number | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: label });
    const { CreatedDate } = await client.send(command);
    return CreatedDate && Math.floor(CreatedDate.getTime() / 1000);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Opens the secret `arn`. */
export function openSecretVersions(client: SecretsManagerClient, arn: string): SecretVersions {
  return {
    labels: async () => {
      const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
      return new Map(Object.entries(VersionIdsToStages));
    },
    read: async (versionId) => {
      try {
        const command = new GetSecretValueCommand({ SecretId: arn, VersionId: versionId });
        return (await client.send(command)).SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    storePending: async (versionId, value) => {
      await client.send(
        new PutSecretValueCommand({
          SecretId: arn,
          ClientRequestToken: versionId,
          SecretString: value,
          VersionStages: ['AWSPENDING'],
        }),
      );
    },
    moveLabel: async (label, { to, from }) => {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: arn,
          VersionStage: label,
          ...(to !== undefined && { MoveToVersionId: to }),
          ...(from !== undefined && { RemoveFromVersionId: from }),
        }),
      );
    },
  };
}
