/**
 * The public copy of the signing keys: item `jwks`, attribute `jwks`, a JSON string. It has no `ttl`, so the TTL cleanup
 * never deletes it. The rotation function writes it. The well-known function reads it, and has no right to read a secret.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { readItem, type Table } from './table.ts';

const key = 'jwks';

/** Reads the published set, as JSON; `undefined` before a rotation has published the first key. Ends with `signal`. */
export async function readPublishedKeys(table: Table, signal: AbortSignal): Promise<string | undefined> {
  const item = await readItem(table, key, signal);
  return item?.['jwks']?.S;
}

/** Publishes a set, as JSON. */
export async function publishKeys({ client, tableName }: Table, jwks: string): Promise<void> {
  const item = { pk: { S: key }, jwks: { S: jwks } };
  await client.send(new PutItemCommand({ TableName: tableName, Item: item }));
}
