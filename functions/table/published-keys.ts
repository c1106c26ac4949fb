/**
 * The public copy of the signing keys: item `jwks`, attribute `jwks`, a JSON string. It has no `ttl`, so the TTL cleanup
 * never deletes it. The rotation function writes it. The well-known function reads it, and has no right to read a secret.
 */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import type { Table } from './table.ts';

const key = { pk: { S: 'jwks' } };

/** Reads the published set, as JSON; `undefined` before a rotation has published the first key. Ends with `signal`. */
export async function readPublishedKeys(
  { client, tableName }: Table,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
      { abortSignal: signal },
    );
    return Item?.['jwks']?.S;
  } catch (error) {
    throw new Unavailable('table', nameOf(error));
  }
}

/** Publishes a set, as JSON. */
export async function publishKeys({ client, tableName }: Table, jwks: string): Promise<void> {
  await client.send(new PutItemCommand({ TableName: tableName, Item: { ...key, jwks: { S: jwks } } }));
}
