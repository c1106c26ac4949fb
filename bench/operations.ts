/**
 * P4: the DynamoDB calls of each flow, counted at the endpoint that every call of the functions passes. Write units follow
 * DynamoDB's rule (one for each started KB of the item) and the stored items.
 */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { breakerFailures, probePauseSeconds } from '../functions/settings/fixed-numbers.ts';
import type { AwsCall } from '../local/aws/injected-faults.ts';
import type { LocalStack } from '../local/local-stack.ts';
import { call, type Reply } from '../test-kit/http.ts';
import { putControls } from '../test-kit/stored-controls.ts';
import type { Figure } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import { itemBytes } from './item-bytes.ts';

/** The calls of one flow. */
export interface Operations {
  readonly flow: string;
  readonly writes: number;
  readonly reads: number;
  /** Transactions, scans and all other calls. */
  readonly others: number;
  readonly writeUnits: number;
}

/** What the goal allows each flow: writes of one unit each, reads of items of the number, and nothing else. */
export const allowedCalls: Readonly<Record<string, Pick<Operations, 'writes' | 'reads'>>> = {
  'request-otp': { writes: 3, reads: 0 },
  'verify-otp': { writes: 2, reads: 0 },
  'request-otp, refused by the provider': { writes: 5, reads: 0 },
  'request-otp, asked again': { writes: 3, reads: 0 },
  'request-otp, limited': { writes: 2, reads: 0 },
  'request-otp, denied': { writes: 2, reads: 0 },
  'request-otp, switched off': { writes: 0, reads: 0 },
  'request-otp, switched off and asked again': { writes: 0, reads: 1 },
  'request-otp, paused': { writes: 0, reads: 0 },
  'request-otp, the probe that finds the provider back': { writes: 5, reads: 0 },
  'verify-otp, which starts a session': { writes: 3, reads: 0 },
  token: { writes: 1, reads: 0 },
  'token, the same again': { writes: 1, reads: 0 },
  'token, reuse': { writes: 2, reads: 0 },
  'token, forged': { writes: 0, reads: 0 },
  sessions: { writes: 0, reads: 1 },
  'sessions, which ends all': { writes: 1, reads: 1 },
  revoke: { writes: 1, reads: 0 },
  'verify-otp, forged id': { writes: 0, reads: 0 },
  'request-otp, malformed body': { writes: 0, reads: 0 },
  'init of request-otp': { writes: 0, reads: 1 },
};

const isOfInit = ({ keyPrefix }: AwsCall): boolean => keyPrefix === 'init';
const toTable = (calls: readonly AwsCall[]): readonly AwsCall[] =>
  calls.filter(({ service }) => service === 'dynamodb');

const writing = ['UpdateItem', 'PutItem', 'DeleteItem'];

/** What the init of one worker of request-otp asks for. */
async function operationsOfInit(stack: LocalStack): Promise<Operations> {
  const pool = stack.pool('request-otp');
  await pool.restart();
  const from = stack.awsCalls.length;
  await pool.prestart(1);
  const calls = toTable(stack.awsCalls.slice(from));
  const reads = calls.filter(isOfInit).length;
  return { flow: 'init of request-otp', writes: 0, reads, others: calls.length - reads, writeUnits: 0 };
}

/** Runs each flow once on `stack`. */
export async function operationsPerFlow(stack: LocalStack): Promise<readonly Operations[]> {
  const post = (path: string, body: unknown, headers = {}): Promise<Reply> =>
    call(`${stack.apiUrl}${path}`, { body, headers });
  const request = (number: string, headers = {}): Promise<Reply> =>
    post('/auth/request-otp', { phoneNumber: number }, headers);
  const controlled = async (controls: unknown): Promise<void> => {
    await putControls(stack, controls);
    await stack.pool('request-otp').restart();
  };
  const count = async (flow: string, expected: number, run: () => Promise<Reply>) => {
    const from = stack.awsCalls.length;
    const { status, json } = await run();
    if (status !== expected) throw new Error(`${flow} answered ${status}, not ${expected}`);
    const calls = toTable(stack.awsCalls.slice(from)).filter((made) => !isOfInit(made));
    const isWrite = ({ action }: AwsCall): boolean => writing.includes(action);
    const writes = calls.filter(isWrite);
    const reads = calls.filter(({ action }) => action === 'GetItem').length;
    const units = await Promise.all(writes.map(() => largestItemBytes(stack)));
    const operations = {
      flow,
      writes: writes.length,
      reads,
      others: calls.length - writes.length - reads,
      writeUnits: units.reduce((sum, bytes) => sum + Math.ceil(bytes / 1024), 0),
    };
    return { operations, json };
  };
  const phoneNumber = freshNumber();
  const headers = { 'idempotency-key': 'a-key-of-the-bench' };
  const asked = await count('request-otp', 202, () => request(phoneNumber, headers));
  const again = await count('request-otp, asked again', 202, () => request(phoneNumber, headers));
  const limited = await count('request-otp, limited', 429, () => request(phoneNumber));
  const code = stack.provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  const { requestId } = Object(asked.json);
  const verified = await count('verify-otp', 200, () => post('/auth/verify-otp', { requestId, code }));
  stack.provider.control({ fault: { name: '402-balance', times: 1 } });
  const refused = await count('request-otp, refused by the provider', 503, () => request(freshNumber()));
  const forged = await count('verify-otp, forged id', 422, () =>
    post('/auth/verify-otp', { requestId: `${'A'.repeat(62)}A`, code: '000000' }),
  );
  const malformed = await count('request-otp, malformed body', 400, () =>
    post('/auth/request-otp', { phoneNumber: 'none' }),
  );
  const begun = freshNumber();
  await request(begun, headers);
  await controlled({ denied: [phoneNumber] });
  const denied = await count('request-otp, denied', 429, () => request(phoneNumber));
  await controlled({ sending: 'nobody' });
  const off = await count('request-otp, switched off', 503, () => request(begun));
  const offAgain = await count('request-otp, switched off and asked again', 202, () =>
    request(begun, headers),
  );
  await controlled({});
  stack.provider.control({ fault: { name: '500', times: breakerFailures } });
  for (let i = 0; i < breakerFailures; i += 1) await request(freshNumber());
  const paused = await count('request-otp, paused', 503, () => request(freshNumber()));
  stack.pool('request-otp').shiftClock(probePauseSeconds);
  const probe = await count('request-otp, the probe that finds the provider back', 202, () =>
    request(freshNumber()),
  );
  stack.pool('request-otp').shiftClock(0);
  const ofSessions = await operationsOfSessions(stack, { count, post, request });
  const flows = [
    asked,
    verified,
    ...ofSessions,
    refused,
    again,
    limited,
    denied,
    off,
    offAgain,
    paused,
    probe,
    forged,
    malformed,
  ].map(({ operations }) => operations);
  return [...flows, await operationsOfInit(stack)];
}

/** A flow that was counted, and its answer. */
interface Counted {
  readonly operations: Operations;
  readonly json: unknown;
}

interface Counting {
  readonly count: (flow: string, expected: number, run: () => Promise<Reply>) => Promise<Counted>;
  readonly post: (path: string, body: unknown, headers?: object) => Promise<Reply>;
  readonly request: (number: string) => Promise<Reply>;
}

/** Runs each flow of sessions once. */
async function operationsOfSessions(
  stack: LocalStack,
  { count, post, request }: Counting,
): Promise<readonly Counted[]> {
  const signIn = async (): Promise<Counted> => {
    const phoneNumber = freshNumber();
    const { requestId } = (await request(phoneNumber)).json;
    const code = stack.provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
    return count('verify-otp, which starts a session', 200, () =>
      post('/auth/verify-otp', { requestId, code, session: {} }),
    );
  };
  const send = (path: string, members: Readonly<Record<string, string>>): Promise<Reply> =>
    post(path, new URLSearchParams(members).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  const refresh = (refresh_token: string, attempt: string) =>
    send('/auth/token', { grant_type: 'refresh_token', refresh_token, attempt });
  const [own, other] = ['an-attempt-of-mine', 'an-attempt-of-others'];
  const started = await signIn();
  const { refreshToken } = Object(started.json);
  const refreshed = await count('token', 200, () => refresh(refreshToken, own));
  const again = await count('token, the same again', 200, () => refresh(refreshToken, own));
  const reused = await count('token, reuse', 400, () => refresh(refreshToken, other));
  const forged = await count('token, forged', 400, () => refresh('A'.repeat(96), own));
  const { refreshToken: token } = Object((await signIn()).json);
  const listed = await count('sessions', 200, () => post('/auth/sessions', { refreshToken: token }));
  const ended = await count('sessions, which ends all', 200, () =>
    post('/auth/sessions', { refreshToken: token, end: 'all' }),
  );
  const { refreshToken: last } = Object((await signIn()).json);
  // In the second of its sign-in a revoke takes a second write, which notes a later end.
  stack.pool('session').shiftClock(1);
  const revoked = await count('revoke', 200, () => send('/auth/revoke', { token: last }));
  stack.pool('session').shiftClock(0);
  return [started, refreshed, again, reused, forged, listed, ended, revoked];
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
    ({ flow, writes, reads, others, writeUnits }) =>
      others === 0 &&
      writes <= (allowedCalls[flow]?.writes ?? 0) &&
      reads <= (allowedCalls[flow]?.reads ?? 0) &&
      writeUnits === writes,
  );
  const text = operations
    .map(
      ({ flow, writes, writeUnits, reads }) =>
        `${flow} ${writes} (${writeUnits})${reads > 0 ? ` and ${reads} read` : ''}`,
    )
    .join('; ');
  return {
    id: 'P4',
    what: 'DynamoDB writes per flow (write units)',
    goal: 'request 3, verify 2 and one more to start a session, a refresh 1, a definite refusal or a probe 2 more, while paused 0, a forged id or malformed body 0; a read of each item of the number only where a request is about to be refused, or sessions are listed; no transactions, indexes',
    figure: text,
    isMet,
    peers: '',
    method:
      'calls counted at the local AWS endpoint; units from the stored items. Every write was an UpdateItem, every read a GetItem',
  };
}
