import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { deriveSealKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import {
  drawChallengeId,
  openRequestId,
  type RequestId,
  requestIdOf,
  requestIdSchema,
} from '../../functions/otp/request-id.ts';

const drawKeys = () => deriveSealKeys(randomBytes(48).toString('base64'), 'test-seal-1');
const keys = drawKeys();
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');
const lane = 'public';
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a request id', () => {
  it('opens to what it was sealed from', () => {
    const challengeId = drawChallengeId();
    const requestId = requestIdOf(keys, { id: challengeId, lane, needsSession: false }, phoneNumber);
    expect(requestId).toMatch(/^[A-Za-z0-9_-]{63}$/);
    expect(openRequestId(keys, requestId)).toEqual({ challengeId, lane, needsSession: false, phoneNumber });
  });

  it.each(['public', 'attested', 'device', 'test'] as const)(
    'keeps the lane %s, with and without a session',
    (kept) => {
      for (const needsSession of [true, false]) {
        const what = { id: drawChallengeId(), lane: kept, needsSession };
        const requestId = requestIdOf(keys, what, phoneNumber);
        expect(openRequestId(keys, requestId)).toEqual({
          challengeId: what.id,
          lane: kept,
          needsSession,
          phoneNumber,
        });
      }
    },
  );

  it('is the same for the same challenge, and another for another', () => {
    const challengeId = drawChallengeId();
    const once = requestIdOf(keys, { id: challengeId, lane, needsSession: false }, phoneNumber);
    expect(requestIdOf(keys, { id: challengeId, lane, needsSession: false }, phoneNumber)).toBe(once);
    expect(requestIdOf(keys, { id: drawChallengeId(), lane, needsSession: false }, phoneNumber)).not.toBe(
      once,
    );
  });

  it('does not show the number', () => {
    const requestId = requestIdOf(keys, { id: drawChallengeId(), lane, needsSession: false }, phoneNumber);
    expect(Buffer.from(requestId, 'base64url').toString('latin1')).not.toContain('9876543210');
  });

  it('does not open when any character of it is altered', () => {
    const requestId = requestIdOf(keys, { id: drawChallengeId(), lane, needsSession: false }, phoneNumber);
    for (let i = 0; i < requestId.length; i += 1) {
      for (const character of alphabet) {
        if (character === requestId[i]) continue;
        const altered = v.safeParse(
          requestIdSchema,
          requestId.slice(0, i) + character + requestId.slice(i + 1),
        );
        if (altered.success) expect(openRequestId(keys, altered.output)).toBeUndefined();
      }
    }
  });

  it('has one spelling only', () => {
    const requestId = requestIdOf(keys, { id: drawChallengeId(), lane, needsSession: false }, phoneNumber);
    const bytes = Buffer.from(requestId, 'base64url');
    const spellings = [...alphabet]
      .map((last) => requestId.slice(0, -1) + last)
      .filter((spelling) => Buffer.from(spelling, 'base64url').equals(bytes));
    expect(spellings.length).toBe(4);
    expect(spellings.filter((spelling) => v.safeParse(requestIdSchema, spelling).success)).toEqual([
      requestId,
    ]);
  });

  it('of another deployment does not open', () => {
    const foreign = requestIdOf(
      drawKeys(),
      { id: drawChallengeId(), lane, needsSession: false },
      phoneNumber,
    );
    expect(openRequestId(keys, foreign)).toBeUndefined();
  });

  it('that is made up does not open', () => {
    for (let i = 0; i < 200; i += 1) {
      const madeUp = v.parse(requestIdSchema, randomBytes(47).toString('base64url')) satisfies RequestId;
      expect(openRequestId(keys, madeUp)).toBeUndefined();
    }
  });

  it.each([
    ['short', 'A'.repeat(62)],
    ['long', 'A'.repeat(64)],
    ['padded', `${'A'.repeat(62)}=`],
    ['in the other base64 alphabet', `${'A'.repeat(61)}+A`],
    ['followed by a newline', `${'A'.repeat(63)}\n`],
    ['a number', 5],
    ['null', null],
  ])('is refused when it is %s', (_, value) => {
    expect(v.safeParse(requestIdSchema, value).success).toBe(false);
  });
});
