/**
 * The deployment that a command works on. It is either one in AWS, reached with the ordinary credential chain, or the
 * local stack while `npm start` runs. A command that needs further clients builds them from `place`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { Advice } from '../../terminal/advice.ts';
import { describeStack } from './stack.ts';

/** What every command needs of a deployment. */
export interface Deployment {
  /** Its name in the texts of the commands. */
  readonly name: string;
  readonly apiUrl: string;
  readonly secrets: SecretsManagerClient;
  /** The last day (UTC) on which it takes test numbers; undefined where it takes none. */
  readonly testNumbersUntil: string | undefined;
  /** Epoch seconds of the last deployment. */
  readonly deployedAt: number;
  readonly place: Place;
  /** The ARN of a secret, by its logical id. */
  arnOf(secret: SecretId): string;
  /** Whether it has this secret. One without sessions has no SessionSecret. */
  has(secret: SecretId): boolean;
  /** The name or ARN of a function, by the id of its construct. Where there is none, it throws an `Advice`: `orElse`. */
  functionOf(construct: string, orElse?: string): string;
}

export type SecretId =
  | 'SmsSecret'
  | 'CodeSecret'
  | 'SigningSecret'
  | 'IdentitySecret'
  | 'ControlsSecret'
  | 'SessionSecret';

/** Where a deployment runs, and how a client reaches it. */
type Place =
  | {
      readonly tag: 'local';
      readonly directory: string;
      readonly awsUrl: string;
      readonly lambdaUrl: string;
      readonly providerUrl: string;
      readonly client: ClientConfig;
    }
  | { readonly tag: 'aws'; readonly stackName: string; readonly client: ClientConfig };

interface ClientConfig {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The file that `npm start` keeps in its directory while it runs. */
const runningSchema = v.object({
  apiUrl: v.string(),
  awsUrl: v.string(),
  lambdaUrl: v.string(),
  providerUrl: v.string(),
  region: v.string(),
  accessKeyId: v.string(),
  secretAccessKey: v.string(),
  resources: v.record(v.string(), v.string()),
  testNumbersUntil: v.string(),
  deployedAt: v.number(),
});

/** The value of the output TestNumbersUntil where the stack takes no test numbers. */
const noTestNumbers = 'none';

/** The local stack that runs on `directory`. */
export function connectLocal(directory: string): Deployment {
  const { region, accessKeyId, secretAccessKey, ...running } = readRunning(join(directory, 'running.json'));
  const client = { region, credentials: { accessKeyId, secretAccessKey } };
  const { awsUrl, lambdaUrl, providerUrl } = running;
  return {
    name: 'the local stack',
    apiUrl: running.apiUrl,
    secrets: new SecretsManagerClient({ ...client, endpoint: awsUrl }),
    testNumbersUntil: dayOrNone(running.testNumbersUntil),
    deployedAt: running.deployedAt,
    place: { tag: 'local', directory, awsUrl, lambdaUrl, providerUrl, client },
    ...lookUps(new Map(Object.entries(running.resources))),
  };
}

function readRunning(file: string): v.InferOutput<typeof runningSchema> {
  try {
    return v.parse(runningSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Advice('The local stack is not running. Start it in another terminal: npm start');
  }
}

/** The stack `stackName` in AWS. Without `region` it is the region of the shell. */
export async function connectAws(stackName: string, region: string | undefined): Promise<Deployment> {
  const client = region === undefined ? {} : { region };
  const { outputs, resources, deployedAt } = await describeStack(stackName, client);
  const apiUrl = outputs.get('ApiUrl');
  if (apiUrl === undefined)
    throw new Advice(`${stackName} is not a Doorcode stack: it has no output ApiUrl.`);
  return {
    name: stackName,
    apiUrl,
    secrets: new SecretsManagerClient(client),
    testNumbersUntil: dayOrNone(outputs.get('TestNumbersUntil')),
    deployedAt,
    place: { tag: 'aws', stackName, client },
    // A secret kept from an earlier stack is not a resource of this one. An output with its logical id has its ARN.
    ...lookUps(new Map([...outputs, ...resources])),
  };
}

function dayOrNone(output: string | undefined): string | undefined {
  return output === noTestNumbers ? undefined : output;
}

function lookUps(resources: ReadonlyMap<string, string>): Pick<Deployment, 'arnOf' | 'has' | 'functionOf'> {
  const found = (what: string, physicalId: string | undefined, orElse?: string): string => {
    if (physicalId === undefined)
      throw new Advice(orElse ?? `The stack has no ${what}. Deploy this version of it first.`);
    return physicalId;
  };
  return {
    has: (secret) => resources.has(secret),
    arnOf: (secret) => found(secret, resources.get(secret)),
    functionOf: (construct, orElse) => {
      const [, physicalId] = [...resources].find(([id]) => id.startsWith(`${construct}Function`)) ?? [];
      return found(construct, physicalId, orElse);
    },
  };
}
