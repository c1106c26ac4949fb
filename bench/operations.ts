/**
 * P4: what each flow asks of DynamoDB, counted where every call of the functions passes. Write units are those of
 * DynamoDB's rule (one for each started KB of the item), from the items as they are stored.
 */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { AwsCall } from '../local/aws/faults.ts';
import type { LocalStack } from '../local/local-stack.ts';
import { call, type Reply } from '../test/support/http.ts';
import type { Figure } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import { itemBytes } from './item-bytes.ts';

/** What one flow asked for. */
export interface Operations {
  readonly flow: string;
  readonly writes: number;
  readonly others: number;
  readonly writeUnits: number;
}

/** What the goal allows each flow: writes, each of one unit, and nothing else. */
export const allowedWrites: Readonly<Record<string, number>> = {
  'request-otp': 3,
  'verify-otp': 2,
  'request-otp, refused by the provider': 5,
  'verify-otp, forged id': 0,
  'request-otp, malformed body': 0,
};

const writing = ['UpdateItem', 'PutItem', 'DeleteItem'];

/** Runs each flow once on `stack`. */
export async function operationsPerFlow(stack: LocalStack): Promise<readonly Operations[]> {
  const post = (path: string, body: unknown): Promise<Reply> => call(`${stack.apiUrl}${path}`, { body });
  const count = async (flow: string, expected: number, run: () => Promise<Reply>) => {
    const from = stack.awsCalls.length;
    const { status, json } = await run();
    if (status !== expected) throw new Error(`${flow} answered ${status}, not ${expected}`);
    const calls = stack.awsCalls.slice(from).filter(({ service }) => service === 'dynamodb');
    const isWrite = ({ action }: AwsCall): boolean => writing.includes(action);
    const writes = calls.filter(isWrite);
    const units = await Promise.all(writes.map(() => largestItemBytes(stack)));
    const operations = {
      flow,
      writes: writes.length,
      others: calls.length - writes.length,
      writeUnits: units.reduce((sum, bytes) => sum + Math.ceil(bytes / 1024), 0),
    };
    return { operations, json };
  };
  const phoneNumber = freshNumber();
  const asked = await count('request-otp', 202, () => post('/auth/request-otp', { phoneNumber }));
  const code = stack.provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  const { requestId } = Object(asked.json);
  const verified = await count('verify-otp', 200, () => post('/auth/verify-otp', { requestId, code }));
  stack.provider.control({ fault: { name: '402-balance', times: 1 } });
  const refused = await count('request-otp, refused by the provider', 503, () =>
    post('/auth/request-otp', { phoneNumber: freshNumber() }),
  );
  const forged = await count('verify-otp, forged id', 422, () =>
    post('/auth/verify-otp', { requestId: `${'A'.repeat(62)}A`, code: '000000' }),
  );
  const malformed = await count('request-otp, malformed body', 400, () =>
    post('/auth/request-otp', { phoneNumber: 'none' }),
  );
  return [asked, verified, refused, forged, malformed].map(({ operations }) => operations);
}

/** The largest of all items bounds what any write costs. */
async function largestItemBytes({ tableUrl, deployment }: LocalStack): Promise<number> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: tableUrl, region: deployment.region, credentials });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: deployment.table.name }));
  client.destroy();
  const written = Items.filter((item) => item['pk']?.S !== 'jwks');
  return Math.max(...written.map(itemBytes));
}

/** P4 as a row. */
export function operationsFigure(operations: readonly Operations[]): Figure {
  const isMet = operations.every(
    ({ flow, writes, others, writeUnits }) =>
      others === 0 && writes <= (allowedWrites[flow] ?? 0) && writeUnits === writes,
  );
  const text = operations
    .map(({ flow, writes, writeUnits }) => `${flow} ${writes} (${writeUnits})`)
    .join('; ');
  return {
    id: 'P4',
    what: 'DynamoDB writes per flow (write units)',
    goal: 'request 3, verify 2, a definite refusal 2 more, a forged id or malformed body 0; no reads, transactions, indexes',
    figure: text,
    isMet,
    peers: '',
    method:
      'calls counted at the local AWS endpoint; units from the stored items. Every call was an UpdateItem',
  };
}
