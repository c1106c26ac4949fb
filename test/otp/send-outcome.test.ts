import { describe, expect, it } from 'vitest';
import { readSendOutcome, type SendOutcome } from '../../functions/otp/send-outcome.ts';

interface Row {
  readonly situation: string;
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter?: string;
  readonly outcome: SendOutcome;
}

const error = (code: string) => ({ success: false, error: { code, message: 'any words' } });
const failed = (retryAfterSeconds?: number): SendOutcome => ({ tag: 'failed', retryAfterSeconds });
const refused = (
  cause: Extract<SendOutcome, { tag: 'refused' }>['cause'],
  retryAfterSeconds?: number,
): SendOutcome => ({ tag: 'refused', cause, retryAfterSeconds });

const rows: readonly Row[] = [
  {
    situation: 'accepted',
    status: 201,
    body: { success: true, data: { status: 'queued' } },
    outcome: { tag: 'accepted' },
  },
  {
    situation: 'accepted with odd data',
    status: 201,
    body: { success: true, data: 7 },
    outcome: { tag: 'accepted' },
  },
  { situation: '201 that says no', status: 201, body: { success: false }, outcome: failed() },
  { situation: '201 with a string for success', status: 201, body: { success: 'true' }, outcome: failed() },
  { situation: '201 that is HTML', status: 201, body: '<html>', outcome: failed() },
  { situation: 'another 2xx', status: 202, body: { success: true }, outcome: failed() },
  { situation: '200 that says no', status: 200, body: error('INSUFFICIENT_BALANCE'), outcome: failed() },
  { situation: 'bad key', status: 401, body: error('UNAUTHORIZED'), outcome: refused('key') },
  { situation: 'account not approved', status: 403, body: error('FORBIDDEN'), outcome: refused('account') },
  {
    situation: 'suspended, as documented',
    status: 403,
    body: error('SUSPENDED'),
    outcome: refused('account'),
  },
  { situation: 'malformed', status: 400, body: error('VALIDATION_ERROR'), outcome: refused('request') },
  {
    situation: 'malformed, without a code',
    status: 400,
    body: { message: 'bad' },
    outcome: refused('request'),
  },
  {
    situation: 'malformed, error as text',
    status: 400,
    body: { error: 'Bad Request' },
    outcome: refused('request'),
  },
  {
    situation: 'balance, observed',
    status: 400,
    body: error('INSUFFICIENT_BALANCE'),
    outcome: refused('balance'),
  },
  {
    situation: 'balance, documented',
    status: 402,
    body: error('PAYMENT_REQUIRED'),
    outcome: refused('balance'),
  },
  {
    situation: 'number limit, observed',
    status: 400,
    body: error('RATE_LIMIT_EXCEEDED'),
    outcome: { tag: 'number-limited', retryAfterSeconds: 300 },
  },
  {
    situation: 'number limit, documented',
    status: 429,
    body: error('RATE_LIMIT_EXCEEDED'),
    retryAfter: '120',
    outcome: { tag: 'number-limited', retryAfterSeconds: 120 },
  },
  {
    situation: 'throttle',
    status: 429,
    body: error('INTERNAL_ERROR'),
    retryAfter: '7',
    outcome: refused('throttled', 7),
  },
  {
    situation: 'carrier, observed',
    status: 400,
    body: error('OTP_SEND_FAILED'),
    outcome: refused('carrier'),
  },
  {
    situation: 'carrier, documented',
    status: 502,
    body: error('OTP_SEND_FAILED'),
    outcome: refused('carrier'),
  },
  { situation: '500', status: 500, body: error('INTERNAL_ERROR'), outcome: failed() },
  {
    situation: '503 with a wait',
    status: 503,
    body: error('INTERNAL_ERROR'),
    retryAfter: '30',
    outcome: failed(30),
  },
  { situation: 'HTML under 401', status: 401, body: '<html>', outcome: failed() },
  { situation: 'empty 400', status: 400, body: '', outcome: failed() },
  { situation: 'a list for a body', status: 400, body: [1], outcome: failed() },
  { situation: 'a redirect', status: 302, body: '', outcome: failed() },
  { situation: 'not found', status: 404, body: error('NOT_FOUND'), outcome: failed() },
  { situation: 'a conflict', status: 409, body: error('CONFLICT'), outcome: failed() },
  { situation: 'a code from the prototype', status: 500, body: error('constructor'), outcome: failed() },
];

describe('an answer of the provider', () => {
  it.each(rows)('$situation: $status', ({ status, body, retryAfter, outcome }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(readSendOutcome({ tag: 'answered', status, body: text, retryAfter })).toEqual(outcome);
  });

  it('that breaks off is unconfirmed behind 201 and a failure behind anything else', () => {
    const broken = { tag: 'answered', body: undefined, retryAfter: undefined } as const;
    expect(readSendOutcome({ ...broken, status: 201 })).toEqual({ tag: 'unconfirmed' });
    expect(readSendOutcome({ ...broken, status: 400 })).toEqual(failed());
  });

  it('that never came is unconfirmed, and one that could not come is a refusal', () => {
    expect(readSendOutcome({ tag: 'no-answer' })).toEqual({ tag: 'unconfirmed' });
    expect(readSendOutcome({ tag: 'unreachable' })).toEqual(refused('unreachable'));
  });

  it.each(['0', '-1', '3601', '1.5', '1e3', ' 5', '5 ', 'Wed, 21 Oct 2026 07:28:00 GMT', '99999', ''])(
    'has its Retry-After ignored when it is %j',
    (retryAfter) => {
      const body = JSON.stringify(error('INTERNAL_ERROR'));
      expect(readSendOutcome({ tag: 'answered', status: 429, body, retryAfter })).toEqual(
        refused('throttled'),
      );
    },
  );
});

describe('the provider’s id of an SMS', () => {
  const idOf = (messageId: unknown): unknown => {
    const body = JSON.stringify({ success: true, data: { messageId } });
    const outcome = readSendOutcome({ tag: 'answered', status: 201, body, retryAfter: undefined });
    return outcome.tag === 'accepted' ? outcome.messageId : outcome;
  };

  it.each(['0b5b3d1e-1111-4222-8333-123456789012', 'msg_01HZX9T2', 'ABCDEFGH'])(
    '%s is kept for the log',
    (id) => {
      expect(idOf(id)).toBe(id);
    },
  );

  it.each([
    ['a phone number', '9876543210'],
    ['an id with a phone number in it', 'sms-919876543210-1'],
    ['a text', 'Sent to the customer'],
    ['a line of its own', 'abcdefgh\n{"code":"x"}'],
    ['a short one', '402961'],
    ['a long one', 'a'.repeat(65)],
    ['a number', 12_345_678],
    ['an object', {}],
    ['none', undefined],
  ])('%s is not', (_, id) => {
    expect(idOf(id)).toBeUndefined();
  });
});
