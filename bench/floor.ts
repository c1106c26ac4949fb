/**
 * The floor of a flow: what no implementation that keeps the AWS SDK can save. It makes the same writes with the same
 * client, from their recorded inputs; one post over TLS for a request; one RS256-3072 signature for a verify and for a
 * refresh. It parses nothing, checks nothing and logs nothing.
 */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { DynamoDBClient, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../functions/runtime/aws-client.ts';
import { awsTries } from '../functions/settings/fixed-numbers.ts';

/** What a flow of ours asked for. */
export interface FloorCalls {
  readonly request: readonly UpdateItemCommandInput[];
  readonly verify: readonly UpdateItemCommandInput[];
  /** The body of the SMS. */
  readonly sms: string;
}

interface Call {
  readonly rawPath: string;
  readonly body: string;
}

const calls: FloorCalls = JSON.parse(readFileSync(process.env['FLOOR_CALLS'] ?? '', 'utf8'));
const table = new DynamoDBClient(clientOptions(awsTries));
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const smsUrl = new URL('/otp/send', process.env['PROVIDER_URL']);
const claims = 'c'.repeat(600);
/** Keeps TLS sessions and no connection, as ours does. */
const tlsSessions = new Agent({ keepAlive: false });

/** A number's item is one of its own; the others are shared, as they are in the flow. */
function keyOf(recorded: string, phoneNumber: string): string {
  const kind = recorded.slice(0, recorded.indexOf('#'));
  return kind === 'phone' ? `floor#${phoneNumber}` : `floor-${kind}`;
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

/** Answers both routes. */
export async function handler({ rawPath, body }: Call): Promise<{ statusCode: number; body: string }> {
  const isRequest = rawPath.endsWith('/request-otp');
  // The floor's request id is the number, so that a verify writes to the item of its request.
  const { phoneNumber, requestId: number = phoneNumber } = JSON.parse(body);
  for (const input of isRequest ? calls.request : calls.verify) {
    const Key = { pk: { S: keyOf(input.Key?.['pk']?.S ?? '', number) } };
    await table.send(new UpdateItemCommand({ ...input, Key }));
  }
  if (isRequest) await post(calls.sms.replace(/\+91\d{10}/, number));
  else createSign('sha256').update(claims).sign(privateKey);
  return { statusCode: isRequest ? 202 : 200, body: JSON.stringify({ requestId: number }) };
}
