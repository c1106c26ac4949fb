/** Reading the provider's key with the real SDK client, from a server that answers what the test says. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPreviousProviderKey, readProviderKey } from '../../functions/adapters/secrets.ts';
import { listen } from '../../local/listen.ts';

const key = `sm_live_${randomBytes(20).toString('hex')}`;
const VersionId = '11111111-1111-4111-8111-111111111111';
let server: Server;
let client: SecretsManagerClient;
let answer: { status: number; body: object };
let asked: { VersionStage?: string }[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(JSON.parse(String(Buffer.concat(chunks))));
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    });
  });
  client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${await listen(server, { port: 0 })}`,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const source = () => ({ client, name: 'SMS_SECRET_ARN', arn: 'arn' });
const read = () => readProviderKey(source());
const notFound = { status: 400, body: { __type: 'ResourceNotFoundException' } };

describe('the provider key', () => {
  it('comes with the id of its version', async () => {
    answer = { status: 200, body: { VersionId, SecretString: key } };
    expect(await read()).toEqual({ versionId: VersionId, key });
    expect(await readPreviousProviderKey(source())).toEqual({ versionId: VersionId, key });
    expect(asked.map(({ VersionStage }) => VersionStage)).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it.each([
    ['an empty string', { SecretString: '' }],
    ['a line feed at its end', { SecretString: `${key}\n` }],
    ['blanks around it', { SecretString: ` ${key} ` }],
    ['quotation marks', { SecretString: `"${key}"` }],
    ['JSON', { SecretString: JSON.stringify({ key }) }],
    ['capital letters', { SecretString: key.toUpperCase() }],
    ['a digit too few', { SecretString: key.slice(0, -1) }],
    ['a digit too many', { SecretString: `${key}0` }],
    ['another prefix', { SecretString: key.replace('live', 'test') }],
    ['bytes instead of text', { SecretBinary: Buffer.from(key).toString('base64') }],
  ])('with %s is none', async (_, value) => {
    answer = { status: 200, body: { VersionId, ...value } };
    const expected = { dependency: 'SMS_SECRET_ARN', reason: 'malformed' };
    await expect(read()).rejects.toMatchObject(expected);
    await expect(readPreviousProviderKey(source())).rejects.toMatchObject(expected);
    await expect(read()).rejects.not.toThrow(key);
  });

  it('that was never stored is told as empty; a previous one that does not exist is no error', async () => {
    answer = notFound;
    await expect(read()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN', reason: 'empty' });
    expect(await readPreviousProviderKey(source())).toBeUndefined();
  });

  it('that may not be read is told as what AWS calls it', async () => {
    answer = { status: 400, body: { __type: 'AccessDeniedException', message: key } };
    await expect(read()).rejects.toMatchObject({ reason: 'AccessDeniedException' });
    await expect(read()).rejects.not.toThrow(key);
  });
});
