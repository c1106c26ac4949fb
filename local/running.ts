/**
 * `running.json` in the stack's directory: where it listens and what it is made of, while it runs, for the commands
 * that work on it. Its operator is a person with every right on the secrets that their own policies leave.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller } from './aws/endpoint.ts';
import type { Deployment } from './deployed.ts';

/** The id that the operator signs with. */
export const operatorKeyId = 'LOCAL-operator';

/** Everything on Secrets Manager, as an administrator has it. */
export const operator: Caller = {
  name: 'operator',
  arn: 'arn:aws:iam::000000000000:user/operator',
  roleArn: 'arn:aws:iam::000000000000:user/operator',
  statements: [{ Effect: 'Allow', Action: ['secretsmanager:*'], Resource: ['*'], Condition: {} }],
};

interface Addresses {
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly lambdaUrl: string;
  readonly providerUrl: string;
}

/** Writes the file; the result removes it. */
export function announce(
  directory: string,
  deployment: Deployment,
  addresses: Addresses,
): () => Promise<void> {
  const file = join(directory, 'running.json');
  const resources = {
    ...Object.fromEntries(deployment.secrets.map(({ logicalId, arn }) => [logicalId, arn])),
    ...Object.fromEntries(deployment.functions.map(({ arn }) => [arn.split(':').at(-1), arn])),
  };
  const { region, testNumbersUntil } = deployment;
  const running = { ...addresses, region, accessKeyId: operatorKeyId, resources, testNumbersUntil };
  writeFileSync(file, JSON.stringify(running), { mode: 0o600 });
  return async () => rmSync(file, { force: true });
}
