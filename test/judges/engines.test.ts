/** What the judge `engines` relies on, tried on the engine that comes with `npm ci`. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide, type EngineSaid } from '../../judges/engines/decisions.ts';
import { type History, kindOf, startRecorder } from '../../judges/engines/recorded.ts';
import { refuse } from '../../judges/engines/refuse.ts';
import { refusedCalls } from '../../judges/engines/refused-calls.ts';
import { addRefusedItems } from '../../judges/engines/refused-items.ts';
import { createTable, replay } from '../../judges/engines/replay.ts';
import { callTable, errorOf, type TableCall } from '../../judges/engines/table-call.ts';
import { close, listen } from '../../local/listen.ts';
import { startOwnTableServer, type TableServer } from '../../local/table-server.ts';
import { otherServerVariable, startTestTable } from '../../test-kit/test-table.ts';

let server: TableServer;

beforeAll(async () => {
  server = await startOwnTableServer();
});
afterAll(() => server.stop());

const update = (pk: string, UpdateExpression: string, more: TableCall['input'] = {}): TableCall => ({
  operation: 'UpdateItem',
  input: { TableName: 'recorded', Key: { pk: { S: pk } }, UpdateExpression, ...more },
});
const one = { ExpressionAttributeValues: { ':one': { N: '1' } } };
const firstTime = {
  ...one,
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

async function recorded(calls: readonly TableCall[], samples = 5): Promise<readonly History[]> {
  const recorder = await startRecorder(server.url);
  try {
    await createTable(recorder.url, 'recorded').catch(() => undefined);
    for (const call of calls) await callTable(recorder.url, call);
    return recorder.histories(samples);
  } finally {
    await recorder.stop();
  }
}

describe('the tests’ table', () => {
  it('is one of its own on the server that the environment names', async () => {
    process.env[otherServerVariable] = server.url;
    try {
      const tables = await Promise.all([startTestTable(), startTestTable()]);
      expect(tables.map(({ endpoint }) => endpoint)).toEqual([server.url, server.url]);
      expect(new Set(tables.map(({ tableName }) => tableName)).size).toBe(2);
      await Promise.all(tables.map((table) => table.stop()));
      expect((await callTable(server.url, { operation: 'ListTables', input: {} })).status).toBe(200);
    } finally {
      delete process.env[otherServerVariable];
    }
  });
});

describe('what is recorded', () => {
  it('is a history for each item, with what was answered', async () => {
    const calls = [update('a', 'SET n = :one', firstTime), update('b', 'SET n = :one', firstTime)];
    const histories = await recorded([...calls, update('a', 'SET n = :one', firstTime)]);
    expect(histories.map((history) => history.map(({ answer }) => errorOf(answer)))).toEqual([
      [undefined, 'ConditionalCheckFailedException'],
      [undefined],
    ]);
    expect(histories[0]?.[1]?.answer.output['Item']).toEqual({ pk: { S: 'a' }, n: { N: '1' } });
  });

  it('ends after the last call that is of a kind not seen often enough', async () => {
    const add = (pk: string) => update(pk, 'ADD n :one', one);
    const calls = ['c', 'c', 'c', 'd', 'd'].map(add);
    const histories = await recorded([...calls, update('d', 'REMOVE n')], 2);
    expect(histories.map((history) => history.length)).toEqual([2, 3]);
  });

  it('is of one kind whatever the values are, and of another with another type or expression', () => {
    const of = (value: object) =>
      kindOf(update('e', 'SET n = :one', { ExpressionAttributeValues: { ':one': value } }));
    expect(of({ N: '1' })).toBe(of({ N: '2' }));
    expect(of({ N: '1' })).not.toBe(of({ S: '1' }));
    expect(kindOf(update('e', 'SET n = :one', one))).not.toBe(kindOf(update('e', 'ADD n :one', one)));
  });
});

describe('a replay', () => {
  it('finds no difference on the same engine, and each that is put in', async () => {
    const histories = await recorded([
      update('f', 'SET n = :one', firstTime),
      update('f', 'ADD n :one', { ...one, ReturnValues: 'ALL_NEW' }),
      update('f', 'SET n = :one', firstTime),
    ]);
    expect(await replay(server.url, histories)).toEqual({ calls: 3, differences: [] });
    const unused = ({ operation, input }: TableCall) => ({
      operation,
      input: { ...input, ExpressionAttributeNames: { '#unused': 'unused' } },
    });
    const [refused] = (await replay(server.url, histories, unused)).differences;
    expect(refused).toMatch(/^dynoxide done, here ValidationException, .*unused in expressions/);
    const twice = ({ operation, input }: TableCall) => ({
      operation,
      input: { ...input, ExpressionAttributeValues: { ':one': { N: '2' } } },
    });
    const [other] = (await replay(server.url, histories, twice)).differences;
    expect(other).toMatch(/^Attributes, n: dynoxide .*"2".*, here .*"4"/);
  });
});

describe('the calls that DynamoDB refuses', () => {
  it('are refused by dynoxide but for those that are decided, most in DynamoDB’s words', async () => {
    const refusals = await refuse(server.url, refusedCalls);
    const { findings } = decide(refusals, []);
    expect(findings.filter((finding) => finding.startsWith('dynoxide'))).toEqual([]);
    expect(refusals.inDynamoDbsWords.length).toBeGreaterThan(60);
    expect(new Set(refusals.all).size).toBe(refusedCalls.length);
  });
});

describe('a refusal without its item', () => {
  it('gets the item where the call asked for it', async () => {
    const engine = createServer((incoming, response) => {
      const isRead = `${incoming.headers['x-amz-target']}`.endsWith('.GetItem');
      const refusal = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };
      response
        .writeHead(isRead ? 200 : 400)
        .end(JSON.stringify(isRead ? { Item: { pk: { S: 'g' } } } : refusal));
    });
    const proxy = await addRefusedItems(`http://127.0.0.1:${await listen(engine, { port: 0 })}`);
    try {
      const asked = await callTable(proxy.url, update('g', 'SET n = :one', firstTime));
      expect([errorOf(asked), asked.output['Item']]).toEqual([
        'ConditionalCheckFailedException',
        { pk: { S: 'g' } },
      ]);
      expect((await callTable(proxy.url, update('g', 'SET n = :one', one))).output['Item']).toBeUndefined();
    } finally {
      await proxy.stop();
      engine.closeAllConnections();
      await close(engine);
    }
  });
});

describe('decisions', () => {
  const nothing = { all: [], taken: [], otherErrors: [], inDynamoDbsWords: [] };
  const said = (over: Partial<EngineSaid>): EngineSaid => ({
    tool: 'another 1.0',
    replayed: { calls: 1, differences: [] },
    refusals: nothing,
    flows: { tests: 1, failed: [] },
    figures: [],
    ...over,
  });

  it('leave whatever is not listed as a finding', () => {
    const { findings } = decide(nothing, [
      said({
        refusals: { ...nothing, taken: ['a new one'] },
        replayed: { calls: 1, differences: ['another Item'] },
        flows: { tests: 1, failed: ['a test'] },
      }),
    ]);
    expect(findings).toEqual(
      expect.arrayContaining([
        'another does not refuse as DynamoDB does: a new one',
        'another 1.0, replayed: another Item',
        'another 1.0, test: a test',
      ]),
    );
  });

  it('that nothing needs any more are findings', () => {
    expect(decide(nothing, []).findings).toContain(
      'dynoxide does not refuse as DynamoDB does: a function in another case (decided, and not seen any more)',
    );
  });
});
