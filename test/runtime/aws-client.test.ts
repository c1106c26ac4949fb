/** What our clients say of themselves, and answers of AWS that begin and do not end, met by the real SDK clients with the limits that the functions give them. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { connectSecretsManager, readProviderKey } from '../../functions/secrets/secret-readers.ts';
import { awsTries } from '../../functions/settings/fixed-numbers.ts';
import { applyUpdate, openTable } from '../../functions/table/table.ts';
import { listen } from '../../local/listen.ts';
import { neverOver } from '../support/test-clock.ts';

const environment = {
  AWS_REGION: 'ap-south-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};
let server: Server;
let tries: number;
let userAgent: string | undefined;
let status: number;
let breaksOff: (tries: number) => boolean;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  tries = 0;
  status = 200;
  breaksOff = () => false;
  server = createServer((request, response) => {
    tries += 1;
    userAgent = request.headers['user-agent'];
    request.resume();
    if (breaksOff(tries)) return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
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
  readProviderKey({ client: connectSecretsManager(), name: 'SMS_SECRET_ARN', arn: 'arn' }, neverOver);
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

describe('the second try', () => {
  const name = (type: string) => (response: ServerResponse) =>
    response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}` }));
  /** More than twice as often as the quota of an SDK client would allow. */
  const often = 100;

  it('of the table is made as often as a first one fails, whatever the second one says', async () => {
    answer = name('ConditionalCheckFailedException');
    status = 400;
    breaksOff = (n) => n % 2 === 1;
    const table = openTable('table');
    for (let i = 1; i <= often; i += 1) {
      const update = { key: 'k', conditions: ['a = :a'], values: { ':a': 1, ':ttl': 2 } };
      expect(await applyUpdate(table, update, new AbortController().signal)).toMatchObject({
        tag: 'refused',
      });
      expect(tries).toBe(2 * i);
    }
  });

  it('of Secrets Manager is made however many calls have failed before', async () => {
    breaksOff = () => true;
    const client = connectSecretsManager();
    const read = () => readProviderKey({ client, name: 'SMS_SECRET_ARN', arn: 'arn' }, neverOver);
    for (let i = 0; i < often; i += 1) await expect(read()).rejects.toBeInstanceOf(Unavailable);
    expect(tries).toBe(2 * often);
  });

  it.each(['InternalServerError', 'ThrottlingException', 'ProvisionedThroughputExceededException'])(
    'follows %s',
    async (type) => {
      answer = name(type);
      status = type === 'InternalServerError' ? 500 : 400;
      await expect(write(new AbortController().signal)).rejects.toMatchObject({ dependency: 'table' });
      expect(tries).toBe(awsTries);
    },
  );

  it.each([
    ['ConditionalCheckFailedException', 1],
    ['ResourceNotFoundException', 1],
    ['InvalidSignatureException', 2],
    ['ThrottlingException', 2],
  ])(
    'on a clock that is off by an hour follows what a corrected clock can change: %s, %i',
    async (type, expected) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
      try {
        answer = name(type);
        status = 400;
        await write(new AbortController().signal).catch(() => undefined);
        expect(tries).toBe(expected);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it.each(['ValidationException', 'AccessDeniedException', 'ResourceNotFoundException'])(
    'does not follow %s',
    async (type) => {
      answer = name(type);
      status = 400;
      await expect(write(new AbortController().signal)).rejects.toMatchObject({ reason: type });
      expect(tries).toBe(1);
    },
  );

  it('is not made by a client that has one try only', async () => {
    breaksOff = () => true;
    const table = openTable('table');
    const single = { ...table, client: table.singleTryClient() };
    const update = { key: 'k', conditions: [], values: { ':ttl': 2 } };
    await expect(applyUpdate(single, update, new AbortController().signal)).rejects.toBeInstanceOf(
      Unavailable,
    );
    expect(tries).toBe(1);
  });

  it('is not made when the request ends while it waits', async () => {
    answer = name('ThrottlingException');
    status = 400;
    const over = new AbortController();
    const client = openTable('table');
    // The longest wait there is, so that the end comes first.
    const longest = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const writing = applyUpdate(client, { key: 'k', conditions: [], values: { ':ttl': 2 } }, over.signal);
    await vi.waitUntil(() => tries === 1);
    over.abort();
    await expect(writing).rejects.toMatchObject({ reason: 'AbortError' });
    longest.mockRestore();
    expect(tries).toBe(1);
  });
});
