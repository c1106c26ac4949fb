import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../functions/otp/send-outcome.ts';
import { readMessageStatus } from '../../functions/provider/message-status.ts';

const id = '0b5b3d1e-1111-4222-8333-123456789012';
const answered = (status: number, body: unknown): Exchange => ({
  tag: 'answered',
  status,
  body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  retryAfter: undefined,
});
const read = (exchange: Exchange) => readMessageStatus(exchange, id);

describe('what the provider says of an SMS', () => {
  it.each(['initiated', 'queued', 'sent', 'delivered', 'failed', 'expired'])(
    'is read in both spellings: %s',
    (status) => {
      const observed = { success: true, data: { id, status, failureReason: null } };
      const documented = { success: true, data: { messageId: id, status, error: 'words of +919876543210' } };
      for (const body of [observed, documented])
        expect(read(answered(200, body))).toEqual({ tag: 'told', status });
    },
  );

  it('never has the provider’s own words', () => {
    const body = {
      success: true,
      data: { id, status: 'failed', failureReason: 'secret words', error: 'others' },
    };
    expect(JSON.stringify(read(answered(200, body)))).not.toMatch(/words|others/);
  });

  it('is unknown for a 404', () => {
    expect(read(answered(404, { success: false }))).toEqual({ tag: 'unknown' });
  });

  it.each([
    ['a refused key', answered(401, {}), 'key'],
    ['no answer', { tag: 'no-answer' }, 'no-answer'],
    ['no connection', { tag: 'unreachable' }, 'no-answer'],
    ['a 500', answered(500, {}), 'unclear'],
    ['a 200 that says no', answered(200, { success: false, data: { id, status: 'sent' } }), 'unclear'],
    ['HTML', answered(200, '<html>'), 'unclear'],
    ['an answer cut off', answered(200, undefined), 'unclear'],
    ['another status', answered(200, { success: true, data: { id, status: 'read' } }), 'unclear'],
    ['another message', answered(200, { success: true, data: { id: `${id}0`, status: 'sent' } }), 'unclear'],
  ] as const)('is not told by %s', (_, exchange, because) => {
    expect(read(exchange)).toEqual({ tag: 'not-told', because });
  });
});
