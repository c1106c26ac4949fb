/**
 * The floor of a flow: what no implementation that keeps the AWS SDK can save. It makes the same writes with the same
 * client, from their recorded inputs; one post over TLS for a request; one RS256-3072 signature for a verify and for a
 * refresh. It parses nothing, checks nothing and logs nothing.
 */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../functions/runtime/aws-client.ts';
import { awsTries } from '../functions/settings/fixed-numbers.ts';

/** The kinds of work, each with the status of our answer. */
export const floorStatus = {
  request: 202,
  refused: 429,
  wrong: 422,
  verify: 200,
  start: 200,
  refresh: 200,
} as const;

/** A kind of work: a request, one that is refused, a wrong code, a right one, the start of a session, a refresh. */
export type FloorKind = keyof typeof floorStatus;

/** What the flows of ours asked for. */
export interface FloorCalls {
  readonly writes: Readonly<Record<FloorKind, readonly UpdateItemCommandInput[]>>;
  /** The body of the SMS. */
  readonly sms: string;
}

interface Call {
  /** `x-bench` names the kind; a request where it is absent. */
  readonly headers: { readonly 'x-bench'?: FloorKind };
  readonly body: string;
}

const calls: FloorCalls = JSON.parse(readFileSync(process.env['FLOOR_CALLS'] ?? '', 'utf8'));
const table = new DynamoDBClient(clientOptions(awsTries));
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const smsUrl = new URL('/otp/send', process.env['PROVIDER_URL']);
const claims = 'c'.repeat(600);
/** Keeps TLS sessions and no connection, as ours does. */
const tlsSessions = new Agent({ keepAlive: false });

/** The items of addresses and of the budget are shared, as they are in the flow. The others are a number's own. */
function keyOf(recorded: string, phoneNumber: string): string {
  const kind = recorded.slice(0, recorded.indexOf('#'));
  return ['address', 'budget'].includes(kind) ? `floor-${kind}` : `floor-${kind}#${phoneNumber}`;
}

async function write(input: UpdateItemCommandInput, number: string): Promise<void> {
  const Key = { pk: { S: keyOf(input.Key?.['pk']?.S ?? '', number) } };
  try {
    await table.send(new UpdateItemCommand({ ...input, Key }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

function post(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-API-Key': 'floor' };
    const call = request(smsUrl, { method: 'POST', headers, agent: tlsSessions }, (response) =>
      response.resume().on('end', resolve),
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** The number, which is the floor's request id and its refresh token as well. */
function numberOf(kind: FloorKind, body: string): string {
  if (kind === 'refresh') return new URLSearchParams(body).get('refresh_token') ?? '';
  const { phoneNumber, requestId } = JSON.parse(body);
  return phoneNumber ?? requestId;
}

/** Answers all routes. */
export async function handler({ headers, body }: Call): Promise<{ statusCode: number; body: string }> {
  const kind = headers['x-bench'] ?? 'request';
  const number = numberOf(kind, body);
  for (const input of calls.writes[kind]) await write(input, number);
  if (kind === 'request') await post(calls.sms.replace(/\+91\d{10}/, number));
  if (kind === 'verify' || kind === 'refresh') createSign('sha256').update(claims).sign(privateKey);
  const answer = { requestId: number, refreshToken: number, refresh_token: number };
  return { statusCode: floorStatus[kind], body: JSON.stringify(answer) };
}
