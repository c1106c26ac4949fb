/** Empty secrets of moto and of ours, with the client that asks for both. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../local/aws/aws-error.ts';
import { openSecretsManager } from '../../local/aws/secrets-manager.ts';
import { serveSecrets } from './own-server.ts';
import type { Place } from './rotations.ts';

/** A client of Secrets Manager at an address. */
export const clientAt = (endpoint: string): SecretsManagerClient =>
  new SecretsManagerClient({
    endpoint,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'judge', secretAccessKey: 'judge' },
    maxAttempts: 1,
  });

/** A secret without a value, anew at each call. */
export type Fresh = () => Promise<Place>;

/** moto's. `functionArn` is a function that it has, and that does nothing. */
export function freshOfMoto(client: SecretsManagerClient, functionArn: string): Fresh {
  let made = 0;
  return async () => {
    made += 1;
    const { ARN: secretId = '' } = await client.send(new CreateSecretCommand({ Name: `judged-${made}` }));
    return {
      client,
      secretId,
      announce: (ClientRequestToken) =>
        client.send(
          new RotateSecretCommand({
            SecretId: secretId,
            ClientRequestToken,
            RotationLambdaARN: functionArn,
          }),
        ),
    };
  };
}

const idle = 'Idle';

interface Own {
  readonly fresh: Fresh;
  readonly stop: () => Promise<void>;
}

/** Ours, behind an address. `change` may change what it throws. Its rotation function does nothing, and says so. */
export async function freshOfOurs(
  directory: string,
  change = (error: unknown): unknown => error,
): Promise<Own> {
  const secrets = openSecretsManager(join(directory, `${randomUUID()}.json`), {
    now: () => 1_800_000_000,
    invoke: async () => {
      throw new AwsError(idle, 'the judge takes the steps');
    },
  });
  const { url, stop } = await serveSecrets((action, input) =>
    secrets.call(action, input).catch((error: unknown) => {
      throw change(error);
    }),
  );
  const client = clientAt(url);
  let made = 0;
  return {
    stop: async () => {
      client.destroy();
      await stop();
    },
    fresh: async () => {
      made += 1;
      const secretId = `arn:aws:secretsmanager:ap-south-1:000000000000:secret:Judged${made}-abcdef`;
      const secret = { logicalId: `Judged${made}`, arn: secretId, initial: undefined };
      secrets.deploy([secret], new Map());
      return {
        client,
        secretId,
        announce: async (ClientRequestToken) => {
          secrets.deploy([secret], new Map([[secretId, 'rotation']]));
          await client
            .send(new RotateSecretCommand({ SecretId: secretId, ClientRequestToken }))
            .catch((error: unknown) => {
              if (Object(error).name !== idle) throw error;
            });
        },
      };
    },
  };
}
