/**
 * A DynamoDB-backed store for better-auth, as an adopter would write one with the document client: an item per row
 * under `<model>#<id>`, and one index by the field that better-auth looks each model up by. It is kind to the peer:
 * every lookup is one call, and TTL takes what has expired, so better-auth's own clean-up is off.
 */
import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createAdapterFactory } from 'better-auth/adapters';

/** By model: the field other than `id` that it is looked up by. */
const lookupFields = { verification: 'identifier', user: 'phoneNumber', session: 'token', account: 'userId' };

/** The name of the index over `lookup`. */
export const indexName = 'byLookup';

const keyOf = (model, id) => `${model}#${id}`;

/** The adapter on the table `tableName`, whose key is `pk`. */
export function dynamoAdapter(client, tableName) {
  const lookupOf = (model, row) => `${model}#${row[lookupFields[model]]}`;

  const find = async (model, where) => {
    const equal = (field) => where.find((w) => w.field === field && (w.operator ?? 'eq') === 'eq')?.value;
    const id = equal('id');
    if (id !== undefined) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { pk: keyOf(model, id) }, ConsistentRead: true }),
      );
      return Item === undefined ? [] : [Item].filter((row) => isMatch(row, where));
    }
    const value = equal(lookupFields[model]);
    // The phone-number plugin makes an address of its own for each user: nobody else can have it.
    if (value === undefined && model === 'user' && equal('email') !== undefined) return [];
    if (value === undefined) throw new Error(`no index for ${model} by ${where.map((w) => w.field).join()}`);
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: indexName,
        KeyConditionExpression: 'lookup = :lookup',
        ExpressionAttributeValues: { ':lookup': `${model}#${value}` },
      }),
    );
    return Items.filter((row) => isMatch(row, where));
  };

  const remove = async (model, where) => {
    const rows = await find(model, where);
    await Promise.all(
      rows.map(({ pk }) => client.send(new DeleteCommand({ TableName: tableName, Key: { pk } }))),
    );
    return rows.length;
  };

  const update = async (model, where, changes) => {
    const [row] = await find(model, where);
    if (row === undefined) return null;
    const names = Object.keys(changes);
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: row.pk },
        UpdateExpression: `SET ${names.map((_, i) => `#n${i} = :v${i}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name, i) => [`:v${i}`, changes[name]])),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return rowOf(Attributes);
  };

  return createAdapterFactory({
    config: { adapterId: 'dynamodb', adapterName: 'DynamoDB', supportsJSON: false, supportsDates: false },
    adapter: () => ({
      create: async ({ model, data }) => {
        const Item = { ...data, pk: keyOf(model, data.id), lookup: lookupOf(model, data) };
        await client.send(new PutCommand({ TableName: tableName, Item }));
        return data;
      },
      findOne: async ({ model, where }) => rowOf((await find(model, where))[0]),
      findMany: async ({ model, where = [], sortBy, limit }) => {
        const rows = await find(model, where);
        if (sortBy) rows.sort((a, b) => (a[sortBy.field] < b[sortBy.field] ? -1 : 1));
        if (sortBy?.direction === 'desc') rows.reverse();
        return rows.slice(0, limit).map(rowOf);
      },
      update: async ({ model, where, update: changes }) => update(model, where, changes),
      updateMany: async ({ model, where, update: changes }) =>
        (await update(model, where, changes)) === null ? 0 : 1,
      delete: async ({ model, where }) => {
        await remove(model, where);
      },
      deleteMany: async ({ model, where }) => remove(model, where),
      count: async ({ model, where = [] }) => (await find(model, where)).length,
    }),
  });
}

const operators = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  in: (a, b) => b.includes(a),
};

function isMatch(row, where) {
  return where.every(({ field, operator = 'eq', value }) => operators[operator](row[field], value));
}

function rowOf(item) {
  if (item === undefined) return null;
  const { pk: _, lookup: __, ...row } = item;
  return row;
}
