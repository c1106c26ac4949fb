/**
 * The table: the only file that calls DynamoDB, but for the write of `published-keys.ts`. Each change by a request is one
 * UpdateItem, without transactions; only support deletes. Init reads an item that never exists, so that the first request
 * finds an open connection.
 *
 * The key attribute is `pk`, the TTL attribute `ttl`. The TTL cleanup may come days late, so every condition compares
 * times itself. Every call gets the request's signal, so that no write starts after the answer.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../runtime/aws-client.ts';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import { awsTries } from '../settings/fixed-numbers.ts';

/** An item as DynamoDB gives it. */
export type Item = Readonly<Record<string, AttributeValue>>;

export interface Table {
  readonly client: DynamoDBClient;
  /** A client without retries, for the one write that must not land twice. Created at its first use. */
  readonly singleTryClient: () => DynamoDBClient;
  readonly tableName: string;
}

/** A string, a number, or a set of strings. A map is written as DynamoDB has it. */
type Value = string | number | readonly string[] | AttributeValue.MMember;

/** One UpdateItem. `remove` names attributes; every `:value` of the expressions is in `values`, and no other. */
export interface Update {
  readonly key: string;
  readonly set?: readonly string[];
  readonly remove?: readonly string[];
  readonly add?: readonly string[];
  /** Removes members from sets. */
  readonly delete?: readonly string[];
  /** The clauses, which must all hold. Without clauses the write always lands. */
  readonly conditions: readonly string[];
  readonly values: Readonly<Record<string, Value>>;
  /** What the expressions call `#name`: an attribute whose own name an expression cannot have. */
  readonly names?: Readonly<Record<string, string>>;
  readonly returns?: 'ALL_OLD' | 'ALL_NEW';
}

/** Written, or refused by a condition; `item` is undefined where there is none. */
export type Updated =
  | { readonly tag: 'written'; readonly item: Item | undefined }
  | { readonly tag: 'refused'; readonly item: Item | undefined };

/** Opens the table. It sends nothing yet. */
export function openTable(tableName: string): Table {
  let singleTry: DynamoDBClient | undefined;
  const singleTryClient = (): DynamoDBClient => {
    singleTry ??= connect(1);
    return singleTry;
  };
  return { client: connect(awsTries), singleTryClient, tableName };
}

function connect(tries: number): DynamoDBClient {
  const client = new DynamoDBClient(clientOptions(tries));
  // It copies every input and output for a log that nobody has.
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

/** Opens the first connection by a read of `init`. Throws `Unavailable`. */
export async function connectTable({ client, tableName }: Table, signal: AbortSignal): Promise<void> {
  try {
    const command = new GetItemCommand({ TableName: tableName, Key: { pk: { S: 'init' } } });
    await client.send(command, { abortSignal: signal });
  } catch (error) {
    throw new Unavailable('table', nameOf(error));
  }
}

/** Applies one update. Throws `Unavailable` when the outcome is unknown or AWS denied the call. */
export async function applyUpdate(table: Table, update: Update, signal: AbortSignal): Promise<Updated> {
  const command = new UpdateItemCommand({
    TableName: table.tableName,
    Key: { pk: { S: update.key } },
    UpdateExpression: updateExpression(update),
    ...(update.conditions.length > 0 && {
      ConditionExpression: update.conditions.join(' AND '),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
    ExpressionAttributeNames: { '#ttl': 'ttl', ...update.names },
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(update.values).map(([name, value]) => [name, marshal(value)]),
    ),
    ReturnValues: update.returns ?? 'NONE',
  });
  try {
    const { Attributes } = await table.client.send(command, { abortSignal: signal });
    return { tag: 'written', item: Attributes };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { tag: 'refused', item: error.Item };
    throw new Unavailable('table', nameOf(error));
  }
}

/** Reads an item, consistently; `undefined` where there is none. Throws `Unavailable` when it could not be read. */
export async function readItem(table: Table, key: string, signal: AbortSignal): Promise<Item | undefined> {
  const command = new GetItemCommand({
    TableName: table.tableName,
    Key: { pk: { S: key } },
    ConsistentRead: true,
  });
  try {
    return (await table.client.send(command, { abortSignal: signal })).Item;
  } catch (error) {
    throw new Unavailable('table', nameOf(error));
  }
}

/** Deletes an item and gives what it was; undefined where there was none. Throws `Unavailable` when it may still be there. */
export async function deleteItem(table: Table, key: string, signal: AbortSignal): Promise<Item | undefined> {
  const command = new DeleteItemCommand({
    TableName: table.tableName,
    Key: { pk: { S: key } },
    ReturnValues: 'ALL_OLD',
  });
  try {
    return (await table.client.send(command, { abortSignal: signal })).Attributes;
  } catch (error) {
    throw new Unavailable('table', nameOf(error));
  }
}

function updateExpression({ set = [], remove = [], add = [], delete: taken = [] }: Update): string {
  const actions = [`SET ${['#ttl = :ttl', ...set].join(', ')}`];
  if (remove.length > 0) actions.push(`REMOVE ${remove.join(', ')}`);
  if (add.length > 0) actions.push(`ADD ${add.join(', ')}`);
  if (taken.length > 0) actions.push(`DELETE ${taken.join(', ')}`);
  return actions.join(' ');
}

/** A value as DynamoDB writes it. */
export function marshal(value: Value): AttributeValue {
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'string') return { S: value };
  return 'M' in value ? value : { SS: [...value] };
}
