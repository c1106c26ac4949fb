/**
 * The credentials of this run: whoever may call the AWS endpoints of the local stack has an access key id of their own,
 * and a secret that is made at the start. A function gets its secret in its environment, as Lambda does it; a person
 * finds theirs in `running.json`, which only they can read.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { DeployedFunction } from '../deployed.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Gives the credentials of an access key id, always the same ones in one run. */
export type CredentialsOf = (accessKeyId: string) => Credentials;

/** Makes the credentials of one run. */
export function makeCredentials(): CredentialsOf {
  const root = randomBytes(32);
  return (accessKeyId) => ({
    accessKeyId,
    secretAccessKey: createHmac('sha256', root).update(accessKeyId).digest('base64url'),
  });
}

/** Each function signs with an id of its own, by which the AWS endpoint knows it. DynamoDB Local wants letters and digits. */
export function accessKeyIdOf({ arn }: Pick<DeployedFunction, 'arn'>): string {
  return `LOCAL${arn.split(':').at(-1)}`;
}
