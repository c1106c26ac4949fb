/**
 * The credentials of this run. Each caller of the local AWS endpoints has its own access key id, and a secret that the
 * stack draws at its start. A function gets its secret in its environment, as in Lambda. A person finds theirs in
 * `running.json`, which only they can read.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { DeployedFunction } from '../deployed.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Gives the credentials of an access key id; the same ones throughout a run. */
export type CredentialsOf = (accessKeyId: string) => Credentials;

/** Creates the credentials of one run. */
export function makeCredentials(): CredentialsOf {
  const root = randomBytes(32);
  return (accessKeyId) => ({
    accessKeyId,
    secretAccessKey: createHmac('sha256', root).update(accessKeyId).digest('base64url'),
  });
}

/** The access key id of a function, by which the AWS endpoint recognises it. DynamoDB Local allows only letters and digits. */
export function accessKeyIdOf({ arn }: Pick<DeployedFunction, 'arn'>): string {
  return `LOCAL${arn.split(':').at(-1)}`;
}
