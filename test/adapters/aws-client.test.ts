/** What our clients say of themselves, and answers of AWS that begin and do not end, met by the real SDK clients with the limits that the functions give them. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSecretsManager, readProviderKey } from '../../functions/adapters/secrets.ts';
import { applyUpdate, openTable } from '../../functions/adapters/table.ts';
import { awsTries } from '../../functions/otp/policy.ts';
import { listen } from '../../local/listen.ts';

const environment = {
  AWS_REGION: 'ap-south-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};
let server: Server;
let tries: number;
let userAgent: string | undefined;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  tries = 0;
  server = createServer((request, response) => {
    tries += 1;
    userAgent = request.headers['user-agent'];
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    answer(response);
  });
  const url = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  Object.assign(process.env, {
    ...environment,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
  });
});
afterEach(() => {
  for (const name of [
    ...Object.keys(environment),
    'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    'AWS_ENDPOINT_URL_DYNAMODB',
  ])
    delete process.env[name];
  server.closeAllConnections();
  server.close();
});

const stall = (response: ServerResponse): void => {
  response.write('{"');
};
const trickle = (response: ServerResponse): void => {
  response.write('{"Name":"');
  const timer = setInterval(() => response.write('x'), 200);
  response.once('close', () => clearInterval(timer));
};
const readSecret = () =>
  readProviderKey({ client: connectSecretsManager(), name: 'SMS_SECRET_ARN', arn: 'arn' });
const write = (signal: AbortSignal) =>
  applyUpdate(
    openTable('table'),
    { key: 'k', conditions: ['a = :a'], values: { ':a': 1, ':ttl': 2 } },
    signal,
  );

it('a client names itself, and no version that it does not know', async () => {
  answer = (response) => response.end('{}');
  await write(new AbortController().signal);
  expect(userAgent).toMatch(/^aws-sdk-js\/3 .*app\/doorcode/);
  expect(userAgent).not.toContain('undefined');
});

describe('an answer that stalls in its middle', () => {
  it('of the table is given up and tried again, long before the request is over', async () => {
    answer = stall;
    await expect(write(new AbortController().signal)).rejects.toMatchObject({ dependency: 'table' });
    expect(tries).toBe(awsTries);
  });

  it('of Secrets Manager is given up and tried again', async () => {
    answer = stall;
    await expect(readSecret()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN' });
    expect(tries).toBe(awsTries);
  });
});

describe('an answer that trickles', () => {
  it('of the table ends with the request', async () => {
    answer = trickle;
    await expect(write(AbortSignal.timeout(1_000))).rejects.toMatchObject({
      dependency: 'table',
      reason: 'AbortError',
    });
  });

  it('of Secrets Manager ends by itself, because every request of the worker would wait for it', async () => {
    answer = trickle;
    await expect(readSecret()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN' });
  });
});
