/**
 * P5: the CPU of our handlers without the SDK. The bundles are those of a deployment, except for their clients. These answer
 * from memory what the table and Secrets Manager answered in a real flow, and accept each send at once. Everything else is
 * real: event, body, keys, hashes, expressions, seal, signature, log line, metrics.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { build } from 'esbuild';
import * as v from 'valibot';
import { deriveIdentityKeys, phoneKeyOf } from '../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../functions/otp/phone-number.ts';
import { phoneItemKey } from '../functions/table/number-item.ts';
import { bundleOptions } from '../lib/bundle.ts';
import { call } from '../test-kit/http.ts';
import { type Figure, median } from './figure.ts';
import { freshNumber, gatewayEvent } from './gateway-event.ts';
import type { Workbench } from './workbench.ts';

const maxRequestMs = 0.15;
const maxVerifySignatures = 1.5;

/** Measures both handlers in processes of their own, `rounds` times each. */
export async function ownCpuFigures(bench: Workbench, rounds: number): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-own-cpu-'));
  const { stack } = bench;
  const secrets = await storedSecrets(bench);
  const phoneNumber = freshNumber();
  const { requestId } = (await call(`${stack.apiUrl}/auth/request-otp`, { body: { phoneNumber } })).json;
  const code = stack.provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  const item = await challengeItem(bench, secrets, phoneNumber);
  const measure = async (name: string, { event, status, Attributes }: Measured): Promise<Measurement> => {
    const entry = join(directory, `${name}.cjs`);
    const options = bundleOptions(`functions/${name}.ts`, []);
    await build({
      ...options,
      outfile: entry,
      alias: {
        ...options.alias,
        '@aws-sdk/client-dynamodb': join(import.meta.dirname, 'memory/client-dynamodb.js'),
        '@aws-sdk/client-secrets-manager': join(import.meta.dirname, 'memory/client-secrets-manager.js'),
      },
      plugins: [
        {
          name: 'a provider that accepts at once',
          setup: (esbuild) => {
            const contents =
              'export const connectProvider = () => ({}); export const sendSms = async () => ({ tag: "accepted" });';
            esbuild.onLoad({ filter: /provider\/startmessaging\.ts$/ }, () => ({ contents }));
          },
        },
      ],
    });
    const input = join(directory, `${name}.json`);
    writeFileSync(input, JSON.stringify({ event, status, Attributes, secrets }));
    return runAlone(join(import.meta.dirname, 'own-cpu.cjs'), [entry, input], bench.environmentOf(name));
  };
  const requests: Measurement[] = [];
  const verifies: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const event = gatewayEvent('/auth/request-otp', { phoneNumber });
    requests.push(await measure('request-otp', { event, status: 202 }));
    const typed = gatewayEvent('/auth/verify-otp', { requestId, code });
    verifies.push(await measure('verify-otp', { event: typed, status: 200, Attributes: item }));
  }
  rmSync(directory, { recursive: true });
  const requestMs = median(requests.map(({ flowMs }) => flowMs));
  const signatures = median(verifies.map(({ flowMs, signatureMs }) => flowMs / signatureMs));
  const verifyMs = median(verifies.map(({ flowMs }) => flowMs));
  const signatureMs = median(verifies.map((m) => m.signatureMs));
  const method = `process CPU of warm handlers, median of ${rounds} processes; table, secrets and provider answer from memory`;
  return [
    {
      id: 'P5',
      what: 'CPU of request-otp outside the SDK and the socket to the provider',
      goal: `≤ ${maxRequestMs} ms`,
      figure: `${requestMs.toFixed(3)} ms`,
      isMet: requestMs <= maxRequestMs,
      peers: '',
      method,
    },
    {
      id: 'P5',
      what: 'CPU of verify-otp outside the SDK, in RS256-3072 signatures',
      goal: `≤ ${maxVerifySignatures}`,
      figure: signatures.toFixed(2),
      isMet: signatures <= maxVerifySignatures,
      peers: `one signature ${signatureMs.toFixed(2)} ms, ours ${verifyMs.toFixed(2)} ms`,
      method,
    },
  ];
}

interface Measured {
  readonly event: object;
  readonly status: number;
  /** The item that a counted attempt returns. */
  readonly Attributes?: unknown;
}

interface Measurement {
  readonly flowMs: number;
  readonly signatureMs: number;
}

/** Runs a script, ignores its standard output, and returns what it sends. */
function runAlone(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = fork(script, args, { env: { ...env }, execArgv: [], stdio: [...stdio] });
    child.once('message', (message: Measurement) => resolve(message));
    child.once('exit', () => reject(new Error(`${script} ended without a figure`)));
  });
}

type Secrets = Readonly<Record<string, unknown>>;

/** The answers of GetSecretValue, by ARN. */
async function storedSecrets({ stack }: Workbench): Promise<Secrets> {
  const read = stack.deployment.secrets.map(
    async ({ arn }) => [arn, await stack.secretsManager.call('GetSecretValue', { SecretId: arn })] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

/** The item of a number that has just asked for a code. */
async function challengeItem({ stack, environmentOf }: Workbench, secrets: Secrets, number: string) {
  const { SecretString } = Object(secrets[environmentOf('verify-otp')['IDENTITY_SECRET_ARN'] ?? '']);
  const phoneKey = phoneKeyOf(deriveIdentityKeys(SecretString), v.parse(phoneNumberSchema, number));
  const pk = phoneItemKey({ lane: 'public', phoneKey });
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const { tableUrl: endpoint, deployment } = stack;
  const client = new DynamoDBClient({ endpoint, region: deployment.region, credentials });
  const { Item } = await client.send(
    new GetItemCommand({ TableName: deployment.table.name, Key: { pk: { S: pk } } }),
  );
  client.destroy();
  if (Item === undefined) throw new Error('the request left no item');
  return Item;
}
