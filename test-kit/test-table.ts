/** A real table server for tests: in memory, on a free port, ended with the test. */
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item, Table } from '../functions/table/table.ts';
import { startOwnTableServer } from '../local/table-server.ts';

export interface TestTable extends Table {
  readonly endpoint: string;
  read(key: string): Promise<Item | undefined>;
  stop(): Promise<void>;
}

/** Starts a server with one empty table, shaped as the stack's. */
export async function startTestTable(): Promise<TestTable> {
  const server = await startOwnTableServer();
  const endpoint = server.url;
  const client = new DynamoDBClient({
    endpoint,
    region: 'ap-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 10,
  });
  const tableName = 'doorcode-test';
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
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
