import { createServer, type Server, type ServerResponse } from 'node:http';
import * as sdk from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as lean from '../../functions/aws/client-dynamodb.ts';
import { listen } from '../../local/listen.ts';
import { startTestTable, type TestTable } from '../support/table.ts';

const limits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 200, requestTimeout: 200, throwOnRequestTimeout: true },
};

/** What the adapters need of either client. */
interface Client {
  send(command: object, options?: { abortSignal?: AbortSignal }): Promise<Record<string, unknown>>;
}

const kinds = [
  {
    kind: 'the SDK',
    connect: (): Client => {
      const client = new sdk.DynamoDBClient(limits);
      // biome-ignore lint/suspicious/noExplicitAny: both clients are called in one way here.
      return { send: async (command: any, options) => ({ ...(await client.send(command, options)) }) };
    },
    update: (input: sdk.UpdateItemCommandInput): object => new sdk.UpdateItemCommand(input),
    Refusal: sdk.ConditionalCheckFailedException,
  },
  {
    kind: 'our client',
    connect: (): Client => {
      const client = new lean.DynamoDBClient(limits);
      // biome-ignore lint/suspicious/noExplicitAny: both clients are called in one way here.
      return { send: (command: any, options) => client.send(command, options) };
    },
    update: (input: sdk.UpdateItemCommandInput): object => new lean.UpdateItemCommand(input),
    Refusal: lean.ConditionalCheckFailedException,
  },
];

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'ap-south-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(kinds)('$kind on a real table server', ({ kind, connect, update, Refusal }) => {
  let table: TestTable;
  beforeAll(async () => {
    table = await startTestTable();
  });
  afterAll(() => table.stop());

  it('writes, gives the item back, and is refused with the item as it was', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
    const client = connect();
    const input = {
      TableName: table.tableName,
      Key: { pk: { S: `phone#${kind}` } },
      UpdateExpression: 'SET sent0 = :now',
      ConditionExpression: 'attribute_not_exists(sent0)',
      ExpressionAttributeValues: { ':now': { N: '1800000000' } },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const item = { pk: { S: `phone#${kind}` }, sent0: { N: '1800000000' } };
    expect((await client.send(update(input)))['Attributes']).toEqual(item);
    const refused = await client.send(update(input)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({ name: 'ConditionalCheckFailedException', Item: item });
  });

  it('names the error of a call that is malformed', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', table.endpoint);
    const input = { TableName: 'None', Key: { pk: { S: 'any' } }, UpdateExpression: 'REMOVE sent0' };
    await expect(connect().send(update(input))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe.each(kinds)('$kind on a server in trouble', ({ connect, update }) => {
  let server: Server;
  let answers: ((response: ServerResponse) => void)[] = [];
  let calls = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => {
        calls += 1;
        answers.shift()?.(response);
      });
    });
    await listen(server, { port: 0 });
  });
  beforeEach(() => {
    calls = 0;
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${port}`);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const input = { TableName: 'Any', Key: { pk: { S: 'any' } } };
  const good = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  };
  const coded = (status: number, type: string) => (response: ServerResponse) => {
    const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' });
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  };
  const reset = (response: ServerResponse): void => {
    response.destroy();
  };
  const hang = (): undefined => undefined;

  it.each([
    ['a 500', coded(500, 'InternalServerError')],
    ['a throttle', coded(400, 'ThrottlingException')],
    ['a table that throttles', coded(400, 'ProvisionedThroughputExceededException')],
    ['a reset', reset],
    ['no answer', hang],
  ])('tries once more after %s', async (_, trouble) => {
    answers = [trouble, good];
    await expect(connect().send(update(input))).resolves.toBeDefined();
    expect(calls).toBe(2);
  });

  it.each([
    ['a denial', coded(400, 'AccessDeniedException'), 'AccessDeniedException'],
    ['a malformed call', coded(400, 'ValidationException'), 'ValidationException'],
  ])('does not repeat after %s', async (_, trouble, name) => {
    answers = [trouble, good];
    await expect(connect().send(update(input))).rejects.toMatchObject({ name });
    expect(calls).toBe(1);
  });

  it('ends after the second try, with the name of the last failure', async () => {
    answers = [coded(500, 'InternalServerError'), coded(400, 'ThrottlingException'), good];
    await expect(connect().send(update(input))).rejects.toMatchObject({ name: 'ThrottlingException' });
    answers = [hang, hang, good];
    await expect(connect().send(update(input))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(calls).toBe(4);
  });

  it('sends nothing after the request has ended, and no second try', async () => {
    const ended = new AbortController();
    ended.abort();
    await expect(connect().send(update(input), { abortSignal: ended.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(calls).toBe(0);
    const ending = new AbortController();
    answers = [hang, good];
    const call = connect().send(update(input), { abortSignal: ending.signal });
    setTimeout(() => ending.abort(), 50);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(calls).toBe(1);
  });

  it('throws at an answer that is not JSON', async () => {
    answers = [
      (response) => {
        response.writeHead(200).end('<html>not what you expect');
      },
      (response) => {
        response.writeHead(200).end('<html>not what you expect');
      },
    ];
    await expect(connect().send(update(input))).rejects.toThrow();
  });
});
