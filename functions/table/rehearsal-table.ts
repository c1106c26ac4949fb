/**
 * The table of init's rehearsal. A call to it goes through the SDK as any other does, is signed, and ends here, in
 * memory: there is nothing in it that could open a connection. It accepts every write.
 */
import { Readable } from 'node:stream';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../runtime/aws-client.ts';
import type { Item, Table } from './table.ts';

type RequestHandler = Extract<DynamoDBClientConfig['requestHandler'], { handle: unknown }>;
type Handled = Awaited<ReturnType<RequestHandler['handle']>>;

/** Opens it; every write leaves `item`. */
export function openRehearsalTable(item: Item = {}): Table {
  const answer = Buffer.from(JSON.stringify({ Attributes: item }));
  const handle = async (): Promise<Handled> =>
    ({ response: { statusCode: 200, headers: {}, body: Readable.from([answer]) } }) as Handled;
  const client = new DynamoDBClient({ ...clientOptions(1), requestHandler: { handle } });
  return { client, singleTryClient: () => client, tableName: 'rehearsal' };
}
