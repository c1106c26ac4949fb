/**
 * Faults of the provider, by name. A fault replaces the answer or breaks the connection, before or after the provider
 * records the send. The client cannot see the difference between before and after, but the user gets an SMS or none.
 */
import type { ServerResponse } from 'node:http';
import { failure, type ProviderAnswer } from './answers.ts';

export interface ProviderFault {
  /** Whether the provider sends the SMS nevertheless. */
  readonly isRecorded: boolean;
  act(response: ServerResponse, accepted: ProviderAnswer): void;
}

const answers = (answer: ProviderAnswer, isRecorded = false): ProviderFault => ({
  isRecorded,
  act: (response) => sendAnswer(response, answer),
});
const coded = (status: number, code = 'INTERNAL_ERROR', retryAfterSeconds?: number): ProviderFault =>
  answers(
    failure({
      status,
      code,
      message: 'a fault of the fake',
      ...(retryAfterSeconds && { retryAfterSeconds }),
    }),
  );
const plain = (status: number, body: string): ProviderFault => answers({ status, body });

/** Every fault that the control endpoint and the page can switch on. */
export const providerFaults = {
  '400-validation': coded(400, 'VALIDATION_ERROR'),
  '400-balance': coded(400, 'INSUFFICIENT_BALANCE'),
  '400-number-limit': coded(400, 'RATE_LIMIT_EXCEEDED'),
  '400-carrier': coded(400, 'OTP_SEND_FAILED'),
  '401': coded(401, 'UNAUTHORIZED'),
  '402-balance': coded(402, 'INSUFFICIENT_BALANCE'),
  '403': coded(403, 'FORBIDDEN'),
  '429-throttle': coded(429, 'INTERNAL_ERROR', 7),
  '429-number-limit': coded(429, 'RATE_LIMIT_EXCEEDED', 120),
  '404': coded(404, 'NOT_FOUND'),
  '408': coded(408),
  '409': coded(409, 'CONFLICT'),
  '413': coded(413),
  '415': coded(415),
  '500': coded(500),
  '502': coded(502),
  '502-carrier': coded(502, 'OTP_SEND_FAILED'),
  '503': coded(503),
  '503-carrier': coded(503, 'OTP_SEND_FAILED'),
  '504': coded(504),
  '200-no': plain(200, '{"success":false}'),
  '202': plain(202, '{"success":true}'),
  'old-message': plain(400, '{"message":"Bad Request"}'),
  'old-error': plain(400, '{"error":"Bad Request"}'),
  html: plain(502, '<html><body><h1>502 Bad Gateway</h1></body></html>'),
  empty: plain(500, ''),
  truncated: plain(400, '{"success":false,"error":{"co'),
  'wrong-types': plain(500, '{"success":"no","error":[7],"data":null}'),
  redirect: answers({ status: 307, body: '', headers: { location: 'http://127.0.0.2:9/otp/send' } }),
  huge: { isRecorded: false, act: (response) => sendHuge(response) },
  trickle: { isRecorded: true, act: (response, accepted) => trickle(response, accepted.body) },
  'reset-before': { isRecorded: false, act: (response) => reset(response) },
  'reset-after': { isRecorded: true, act: (response) => reset(response) },
  'hang-after': { isRecorded: true, act: () => undefined },
  'hang-before': { isRecorded: false, act: () => undefined },
} as const satisfies Readonly<Record<string, ProviderFault>>;

export type ProviderFaultName = keyof typeof providerFaults;

/** Writes an answer as JSON. */
export function sendAnswer(response: ServerResponse, { status, body, headers }: ProviderAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Sends up to 80 MB, until the client stops reading. */
function sendHuge(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let left = (80 * 1024 * 1024) / chunk.length;
  response.writeHead(500, { 'content-type': 'application/json' });
  const pump = (): void => {
    while (left > 0 && !response.destroyed && response.write(chunk)) left -= 1;
    if (left > 0 && !response.destroyed) response.once('drain', pump);
    else response.end();
  };
  pump();
}

/** Sends one byte per second. */
function trickle(response: ServerResponse, body: string): void {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.slice(sent, sent + 1));
    sent += 1;
  }, 1000);
  response.once('close', () => clearInterval(timer));
}
