/**
 * A real table server for tests: in memory, on a free port, ended with the test. Where the environment variable
 * `DOORCODE_TEST_TABLE_URL` names another server, the tests and the proofs run on that one, each on a table of its own.
 * `npm run judges -- engines` does so, with servers of its own; no test may name AWS there.
 */
import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Item, Table } from '../functions/table/table.ts';
import { startOwnTableServer } from '../local/table-server.ts';

export interface TestTable extends Table {
  readonly endpoint: string;
  read(key: string): Promise<Item | undefined>;
  stop(): Promise<void>;
}

/** Another server may take a moment to make a table, as DynamoDB does. */
const waitSeconds = { maxWaitTime: 60, minDelay: 1, maxDelay: 1 };

/** The environment variable with the endpoint of another server. */
export const otherServerVariable = 'DOORCODE_TEST_TABLE_URL';

/** Starts a server with one empty table, shaped as the stack's; or adds a table to the server that the environment names. */
export async function startTestTable(): Promise<TestTable> {
  const other = process.env[otherServerVariable];
  const server =
    other === undefined ? await startOwnTableServer() : { url: other, stop: async () => undefined };
  const endpoint = server.url;
  const client = new DynamoDBClient({
    endpoint,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 10,
  });
  const tableName = `doorcode-test-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  if (other !== undefined) await waitUntilTableExists({ client, ...waitSeconds }, { TableName: tableName });
  return {
    client,
    singleTryClient: () => client,
    tableName,
    endpoint,
    read: async (key) => {
      const command = new GetItemCommand({
        TableName: tableName,
        Key: { pk: { S: key } },
        ConsistentRead: true,
      });
      return (await client.send(command)).Item;
    },
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}
