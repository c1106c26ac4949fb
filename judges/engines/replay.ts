/** Sends recorded histories to an engine, and compares its answers with those of dynoxide. */
import { isDeepStrictEqual } from 'node:util';
import { type History, kindOf } from './recorded.ts';
import { callTable, errorOf, type TableAnswer, type TableCall } from './table-call.ts';

export interface Replayed {
  readonly calls: number;
  /** One sentence for each kind of difference. */
  readonly differences: readonly string[];
}

/** A number of the same value. DynamoDB gives each number in one spelling, without an exponent. */
const spelling = 'a number in another spelling than dynoxide’s';

/** Creates a table shaped as the stack's, and waits until it is there. */
export async function createTable(url: string, TableName: string): Promise<void> {
  const input = {
    TableName,
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const created = await callTable(url, { operation: 'CreateTable', input });
  if (created.status !== 200) throw new Error(`CreateTable: ${JSON.stringify(created.output)}`);
  for (let tries = 0; tries < 100; tries += 1) {
    const { output } = await callTable(url, { operation: 'DescribeTable', input: { TableName } });
    if ((output['Table'] as { readonly TableStatus?: string }).TableStatus === 'ACTIVE') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the table is never ACTIVE');
}

/** Each history ends at its first difference, because the items differ after it. `change` makes a mistake in each call. */
export async function replay(
  url: string,
  histories: readonly History[],
  change: (call: TableCall) => TableCall = (call) => call,
): Promise<Replayed> {
  const TableName = `replayed-${Date.now()}`;
  await createTable(url, TableName);
  const seen = new Set<string>();
  let calls = 0;
  for (const [at, history] of histories.entries()) {
    for (const recorded of history) {
      const sent = change(inTable(recorded, TableName, `${at}`));
      const answer = await callTable(url, sent);
      calls += 1;
      const difference = differenceOf(recorded.answer, answer);
      if (difference === undefined) continue;
      const sentence = difference === spelling ? spelling : `${difference}: ${kindOf(sent)}`;
      seen.add(sentence);
      break;
    }
  }
  return { calls, differences: [...seen] };
}

/** The same call about an item of this history alone. */
function inTable({ operation, input }: TableCall, TableName: string, pk: string): TableCall {
  const own = (attributes: unknown): object => ({ ...(attributes as object), pk: { S: pk } });
  return {
    operation,
    input: {
      ...input,
      TableName,
      ...('Key' in input && { Key: own(input['Key']) }),
      ...('Item' in input && { Item: own(input['Item']) }),
    },
  };
}

function differenceOf(ours: TableAnswer, theirs: TableAnswer): string | undefined {
  const [ourError, theirError] = [errorOf(ours) ?? 'done', errorOf(theirs) ?? 'done'];
  if (ourError !== theirError) return `dynoxide ${ourError}, here ${theirError}, ${theirs.output['message']}`;
  for (const member of ['Item', 'Attributes']) {
    const [our, their] = [attributesIn(ours.output[member]), attributesIn(theirs.output[member])];
    for (const name of new Set([...Object.keys(our), ...Object.keys(their)])) {
      const [one, other] = [comparable(our[name]), comparable(their[name])];
      if (isDeepStrictEqual(one, other)) continue;
      if (one?.['N'] !== undefined && Number(one['N']) === Number(other?.['N'])) return spelling;
      return `${member}, ${name}: dynoxide ${JSON.stringify(one)}, here ${JSON.stringify(other)}`;
    }
  }
  return undefined;
}

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An item without attributes is none, and the key differs by history. */
function attributesIn(item: unknown): Attributes {
  const { pk: _, ...attributes } = (item ?? {}) as Attributes;
  return attributes;
}

/** A set has no order. */
function comparable(value: Attributes[string] | undefined): Attributes[string] | undefined {
  return Array.isArray(value?.['SS']) ? { SS: value['SS'].toSorted() } : value;
}
