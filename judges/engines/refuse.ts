/** Which of the calls that DynamoDB refuses an engine takes. */
import { itemBefore, type RefusedCall } from './refused-calls.ts';
import { createTable } from './replay.ts';
import { callTable, errorOf } from './table-call.ts';

export interface Refusals {
  /** The names of all calls. */
  readonly all: readonly string[];
  /** The names of the calls that it took. */
  readonly taken: readonly string[];
  /** Those that it refused with another error than DynamoDB, with that error. */
  readonly otherErrors: readonly string[];
  /** Those that it refused with what DynamoDB says. */
  readonly inDynamoDbsWords: readonly string[];
}

/** Sends each call about an item of its own. */
export async function refuse(url: string, calls: readonly RefusedCall[]): Promise<Refusals> {
  const TableName = `refused-${Date.now()}`;
  await createTable(url, TableName);
  const [taken, otherErrors, inDynamoDbsWords]: [string[], string[], string[]] = [[], [], []];
  for (const [at, { name, says, call }] of calls.entries()) {
    const pk = { S: `${at}` };
    const put = { operation: 'PutItem', input: { TableName, Item: { pk, ...itemBefore } } };
    const before = await callTable(url, put);
    if (before.status !== 200) throw new Error(`the item is refused: ${JSON.stringify(before.output)}`);
    const place = { TableName, ...(call.operation !== 'PutItem' && { Key: { pk } }) };
    const answer = await callTable(url, { ...call, input: { ...place, ...call.input } });
    const error = errorOf(answer);
    if (error === undefined) taken.push(name);
    else if (error !== 'ValidationException') otherErrors.push(`${name}: ${error}`);
    else if (says.test(`${answer.output['message'] ?? answer.output['Message']}`))
      inDynamoDbsWords.push(name);
  }
  return { all: calls.map(({ name }) => name), taken, otherErrors, inDynamoDbsWords };
}
