/** The endpoints that stand for AWS carry out what is signed by credentials of their own run, and nothing else. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal, type Deployment } from '../../../bin/command/deployment.ts';
import { Sha256 } from '../../../lib/sdk-stand-ins/node-sha256.ts';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';
import { call, type Reply } from '../../../test-kit/http.ts';

let directory: string;
let stack: LocalStack;
let operator: Deployment;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-signed-'));
  // Left behind by somebody less careful.
  writeFileSync(join(directory, 'running.json'), '{}');
  chmodSync(join(directory, 'running.json'), 0o644);
  stack = await startLocalStack({ directory, workers: 1 });
  operator = connectLocal(directory);
});
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true });
});

const region = 'ap-south-1';

interface Signed {
  readonly service?: string;
  readonly inRegion?: string;
  readonly secretAccessKey?: string;
  readonly accessKeyId?: string;
  readonly signingDate?: Date;
  readonly body?: string;
  /** Another body than the one that is signed. */
  readonly sentBody?: string;
  /** Headers beside those that are signed, or in their place. */
  readonly sentHeaders?: Readonly<Record<string, string>>;
  readonly action?: string;
  readonly unsigned?: readonly string[];
}

/** Reads the controls, as a client of our own would, but for what `options` change. */
async function readControls(options: Signed = {}): Promise<Reply> {
  const { credentials } = operator.place.client;
  const body = options.body ?? JSON.stringify({ SecretId: operator.arnOf('ControlsSecret') });
  const { hostname, host } = new URL(stack.awsUrl);
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: options.accessKeyId ?? credentials?.accessKeyId ?? '',
      secretAccessKey: options.secretAccessKey ?? credentials?.secretAccessKey ?? '',
    },
    region: options.inRegion ?? region,
    service: options.service ?? 'secretsmanager',
    sha256: Sha256,
  });
  const { headers } = await signer.sign(
    {
      protocol: 'http:',
      hostname,
      method: 'POST',
      path: '/',
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `secretsmanager.${options.action ?? 'GetSecretValue'}`,
      },
      body,
    },
    {
      ...(options.signingDate && { signingDate: options.signingDate }),
      unsignableHeaders: new Set(options.unsigned),
    },
  );
  return call(stack.awsUrl, {
    method: 'POST',
    body: options.sentBody ?? body,
    headers: { ...headers, ...options.sentHeaders },
  });
}

const typeOf = ({ json }: Reply): string => json?.__type;

describe('the AWS endpoint', () => {
  it('carries out what its own run has signed', async () => {
    expect(await readControls()).toMatchObject({ status: 200, json: { SecretString: expect.any(String) } });
  });

  it('never asks how old a date is: workers sign by clocks that tests move', async () => {
    for (const year of [1999, 2077]) {
      const signingDate = new Date(Date.UTC(year, 1, 3));
      expect((await readControls({ signingDate })).status).toBe(200);
    }
  });

  it.each<[string, Signed]>([
    ['another secret', { secretAccessKey: 'local' }],
    ['an empty secret', { secretAccessKey: '' }],
    ['another service', { service: 'dynamodb' }],
    ['another region', { inRegion: 'us-east-1' }],
    ['another body', { sentBody: '{"SecretId":"IdentitySecret"}' }],
    ['no host', { unsigned: ['host'] }],
    ['no operation', { unsigned: ['x-amz-target'] }],
    ['an operation that is exchanged', { sentHeaders: { 'x-amz-target': 'secretsmanager.DescribeSecret' } }],
    ['a date that is exchanged', { sentHeaders: { 'x-amz-date': '20260101T000000Z' } }],
    ['a date that is none', { sentHeaders: { 'x-amz-date': 'today' } }],
    ['a token that is added', { sentHeaders: { 'x-amz-security-token': 'mine' } }],
    ['a body that is left out', { sentHeaders: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }],
  ])('refuses a signature with %s', async (_, options) => {
    const reply = await readControls(options);
    expect([reply.status, typeOf(reply)]).toEqual([400, 'InvalidSignatureException']);
    expect(reply.text).not.toContain('SecretString');
  });

  it.each<[string, Signed, string]>([
    ['nobody knows', { accessKeyId: 'AKIAEXAMPLE' }, 'UnrecognizedClientException'],
    [
      'is no name',
      { sentHeaders: { authorization: 'AWS4-HMAC-SHA256 Credential=LOCALoperator/' } },
      'MissingAuthenticationTokenException',
    ],
    ['is not there', { sentHeaders: { authorization: '' } }, 'MissingAuthenticationTokenException'],
  ])('refuses a key that %s', async (_, options, type) => {
    expect(typeOf(await readControls(options))).toBe(type);
  });

  it.each<[string, Signed, string]>([
    ['a body that is no JSON', { body: '{' }, 'SerializationException'],
    ['an input without a secret', { body: '{}' }, 'SerializationException'],
    ['an operation that it does not play', { action: 'DeleteSecret' }, 'UnknownOperationException'],
  ])('answers %s as the service does, and lives', async (_, options, type) => {
    const reply = await readControls(options);
    expect([reply.status, typeOf(reply)]).toEqual([400, type]);
    expect((await readControls()).status).toBe(200);
  });

  it('keeps its secrets from a name that points to this machine', async () => {
    const reply = await readControls({ sentHeaders: { host: `evil.example:${new URL(stack.awsUrl).port}` } });
    expect([reply.status, typeOf(reply)]).toEqual([403, 'AccessDeniedException']);
  });
});

describe('the Lambda endpoint', () => {
  const arnOf = (name: string): string =>
    stack.deployment.functions.find((deployed) => deployed.name === name)?.arn ?? '';
  const lambda = (credentials = operator.place.client.credentials) =>
    new LambdaClient({
      endpoint: stack.lambdaUrl,
      region,
      maxAttempts: 1,
      ...(credentials && { credentials }),
    });
  const invoke = (FunctionName: string, Payload: string, client = lambda()) =>
    client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(Payload) }));
  const versions = async () => {
    const command = new ListSecretVersionIdsCommand({ SecretId: operator.arnOf('SigningSecret') });
    return (await operator.secrets.send(command)).Versions;
  };
  const rotation = () =>
    JSON.stringify({
      Step: 'replaceNow',
      SecretId: operator.arnOf('SigningSecret'),
      ClientRequestToken: crypto.randomUUID(),
    });

  it('runs no rotation for a page of another origin, nor for anybody without a signature', async () => {
    const before = await versions();
    const path = `/2015-03-31/functions/${encodeURIComponent(arnOf('rotate-signing-key'))}/invocations`;
    for (const headers of [{ origin: 'http://evil.example', 'content-type': 'text/plain' }, {}]) {
      const reply = await call(stack.lambdaUrl + path, { body: rotation(), headers: { ...headers } });
      expect(reply.status).toBe(403);
    }
    expect(await versions()).toEqual(before);
  });

  it('invokes for the operator', async () => {
    const before = await versions();
    expect(await invoke(arnOf('rotate-signing-key'), rotation())).not.toHaveProperty('FunctionError');
    expect(await versions()).not.toEqual(before);
  });

  it('invokes nothing for a function, whose role may not', async () => {
    const host = stack.deployment.functions.find(({ name }) => name === 'request-otp');
    const [pid] = stack.pool('request-otp').pids;
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const variable = (name: string): string =>
      variables.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    expect(host?.statements.flatMap(({ Action }) => Action).join()).not.toContain('lambda:');
    const credentials = {
      accessKeyId: variable('AWS_ACCESS_KEY_ID'),
      secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    };
    await expect(invoke(arnOf('rotate-signing-key'), rotation(), lambda(credentials))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it.each([
    [
      'an unknown function',
      'arn:aws:lambda:ap-south-1:000000000000:function:nobody',
      '{}',
      'ResourceNotFoundException',
    ],
    ['a payload that is no JSON', undefined, '{', 'InvalidRequestContentException'],
  ])('answers %s as the service does, and lives', async (_, name, payload, error) => {
    await expect(invoke(name ?? arnOf('rotate-signing-key'), payload)).rejects.toMatchObject({ name: error });
    await expect(versions()).resolves.toBeDefined();
  });
});

describe('the credentials of a run', () => {
  it('are in a file that only its owner reads, also where an open one was before', () => {
    const file = join(directory, 'running.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8')).secretAccessKey).toMatch(/^[\w-]{43}$/);
  });

  it('are no good in another run', async () => {
    const other = await startLocalStack({ workers: 1 });
    try {
      const { credentials } = operator.place.client;
      const client = new SecretsManagerClient({
        endpoint: other.awsUrl,
        region,
        ...(credentials && { credentials }),
      });
      const SecretId = operator.arnOf('ControlsSecret');
      await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
        name: 'InvalidSignatureException',
      });
    } finally {
      await other.stop();
    }
  });
});
