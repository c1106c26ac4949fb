/**
 * The deployment that the command works on: one in AWS, by the ordinary credential chain, or the local stack while
 * `npm start` runs. The command reads versions and labels, and starts what rotates; it never reads a secret's value.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { Advice } from '../../local/advice.ts';
import { type LastUse, lastUseInCloudWatch, lastUseInLog } from './last-use.ts';

/** What the command needs of a deployment. */
export interface KeysDeployment {
  /** How people call it. */
  readonly name: string;
  readonly apiUrl: string;
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
  /** When the provider key of a version was last used. */
  readonly lastUse: LastUse;
  /** Makes a key as the provider's dashboard would; only the local stack's provider can. */
  readonly makeKey?: () => Promise<string>;
  /** The ARN of a secret, by its logical id. */
  arnOf(secret: SecretId): string;
  /** The name or ARN of a function, by the id of its construct. */
  functionOf(construct: 'RotateSigningKey' | 'RotateProviderKey'): string;
}

export type SecretId = 'SmsSecret' | 'CodeSecret' | 'SigningSecret' | 'IdentitySecret';

/** What `npm start` leaves in its directory while it runs. */
const runningSchema = v.object({
  apiUrl: v.string(),
  awsUrl: v.string(),
  lambdaUrl: v.string(),
  providerUrl: v.string(),
  region: v.string(),
  accessKeyId: v.string(),
  resources: v.record(v.string(), v.string()),
});

/** The local stack that runs on `directory`. */
export function connectLocal(directory: string): KeysDeployment {
  const running = readRunning(join(directory, 'running.json'));
  const { region, accessKeyId } = running;
  const common = { region, credentials: { accessKeyId, secretAccessKey: 'local' } };
  return {
    name: 'the local stack',
    apiUrl: running.apiUrl,
    secrets: new SecretsManagerClient({ ...common, endpoint: running.awsUrl }),
    lambda: new LambdaClient({ ...common, endpoint: running.lambdaUrl }),
    lastUse: lastUseInLog(join(directory, 'logs', 'request-otp.log')),
    makeKey: () => makeKeyAt(running.providerUrl),
    ...lookUps(new Map(Object.entries(running.resources))),
  };
}

async function makeKeyAt(providerUrl: string): Promise<string> {
  const key = `sm_live_${randomBytes(20).toString('hex')}`;
  const addKey = { key, label: `made ${new Date().toISOString()}` };
  const headers = { 'content-type': 'application/json' };
  const { ok } = await fetch(`${providerUrl}/control`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ addKey }),
  });
  if (!ok) throw new Advice('The local provider did not take the key.');
  return key;
}

function readRunning(file: string): v.InferOutput<typeof runningSchema> {
  try {
    return v.parse(runningSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Advice('The local stack does not run. Start it in another terminal: npm start');
  }
}

/** The stack `stackName` in AWS; `region` as the AWS CLI takes it. */
export async function connectAws(stackName: string, region: string | undefined): Promise<KeysDeployment> {
  const common = region === undefined ? {} : { region };
  const cloudFormation = new CloudFormationClient(common);
  const [{ StackResources = [] }, { Stacks = [] }] = await Promise.all([
    cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stackName })),
    cloudFormation.send(new DescribeStacksCommand({ StackName: stackName })),
  ]);
  const apiUrl = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiUrl')?.OutputValue;
  if (apiUrl === undefined) throw new Advice(`${stackName} is no Doorcode stack: it has no output ApiUrl.`);
  const resources = StackResources.map(
    (r) => [r.LogicalResourceId ?? '', r.PhysicalResourceId ?? ''] as const,
  );
  return {
    name: stackName,
    apiUrl,
    secrets: new SecretsManagerClient(common),
    lambda: new LambdaClient(common),
    lastUse: lastUseInCloudWatch(common, stackName),
    ...lookUps(new Map(resources)),
  };
}

function lookUps(resources: ReadonlyMap<string, string>): Pick<KeysDeployment, 'arnOf' | 'functionOf'> {
  const found = (what: string, physicalId: string | undefined): string => {
    if (physicalId === undefined)
      throw new Advice(`The stack has no ${what}. Deploy this version of it first.`);
    return physicalId;
  };
  return {
    arnOf: (secret) => found(secret, resources.get(secret)),
    functionOf: (construct) => {
      const [, physicalId] = [...resources].find(([id]) => id.startsWith(`${construct}Function`)) ?? [];
      return found(construct, physicalId);
    },
  };
}
