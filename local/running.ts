/**
 * `running.json` in the stack's directory, for the commands that work on a running stack. It has the stack's addresses and
 * resources, and the operator's credentials of this run. The operator is a person with every right on the secrets that the
 * secrets' own policies allow, who may also invoke functions. Only the person who runs the stack can read the file.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from './aws/access-keys.ts';
import type { Caller } from './aws/identify.ts';
import type { Deployment } from './deployed.ts';

/** The id that the operator signs with. */
export const operatorKeyId = 'LOCALoperator';

/** The rights of an administrator, but for the items of the table. */
export const operator: Caller = {
  name: 'operator',
  arn: 'arn:aws:iam::000000000000:user/operator',
  roleArn: 'arn:aws:iam::000000000000:user/operator',
  statements: [
    {
      Effect: 'Allow',
      Action: [
        'apigateway:*',
        'cloudformation:*',
        'cloudwatch:*',
        'dynamodb:Describe*',
        'iam:*',
        'lambda:*',
        'logs:*',
        'secretsmanager:*',
        'sns:*',
      ],
      Resource: ['*'],
      Condition: {},
    },
  ],
};

interface Reached {
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly lambdaUrl: string;
  readonly providerUrl: string;
  /** The operator's. */
  readonly credentials: Credentials;
}

/** Writes the file; the result removes it. */
export function announce(
  directory: string,
  deployment: Deployment,
  { credentials, ...addresses }: Reached,
): () => Promise<void> {
  const file = join(directory, 'running.json');
  const resources = {
    ...Object.fromEntries(deployment.secrets.map(({ logicalId, arn }) => [logicalId, arn])),
    ...Object.fromEntries(deployment.functions.map(({ arn }) => [arn.split(':').at(-1), arn])),
  };
  const { region, testNumbersUntil } = deployment;
  const deployedAt = Math.floor(Date.now() / 1000);
  const running = { ...addresses, ...credentials, region, resources, testNumbersUntil, deployedAt };
  // The mode only applies to a new file, and an existing one may be readable by others. So this writes a new file.
  writeFileSync(`${file}.new`, JSON.stringify(running), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return async () => rmSync(file, { force: true });
}
