import { createHmac, KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeSchema, deriveCodeKey, drawCode, hashCode, isSameHash } from '../../functions/otp/code.ts';
import { deriveIdentityKeys, deriveKey } from '../../functions/otp/identity-keys.ts';
import { keyedHash } from '../../functions/otp/keyed-hash.ts';

const secret = 'a'.repeat(64);
const codeKey = deriveCodeKey(secret);
const binding = { phoneKey: 'phone', challengeId: 'challenge', purpose: 'sign-in', bound: [] };
const code = (text: string) => v.parse(codeSchema, text);

describe('a code', () => {
  it('is six ASCII digits, zeros in front included', () => {
    const codes = Array.from({ length: 20_000 }, drawCode);
    expect(codes.every((drawn) => /^[0-9]{6}$/.test(drawn))).toBe(true);
    expect(codes.some((drawn) => drawn.startsWith('0'))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(19_000);
  });

  it.each([
    ['a number', 123456],
    ['five digits', '12345'],
    ['seven digits', '1234567'],
    ['digits with a space', '123 456'],
    ['digits with a newline', '123456\n'],
    ['digits with a sign', '+12345'],
    ['full-width digits', '１２３４５６'],
    ['Devanagari digits', '१२३४५६'],
    ['an exponent', '1e5000'],
    ['nothing', ''],
    ['null', null],
  ])('is refused as %s', (_, value) => {
    expect(v.safeParse(codeSchema, value).success).toBe(false);
  });

  it('hashes differently for each key, number, challenge, purpose and code', () => {
    const hashes = [
      hashCode(codeKey, binding, code('123456')),
      hashCode(deriveCodeKey('b'.repeat(64)), binding, code('123456')),
      hashCode(codeKey, { ...binding, phoneKey: 'other' }, code('123456')),
      hashCode(codeKey, { ...binding, challengeId: 'other' }, code('123456')),
      hashCode(codeKey, { ...binding, purpose: 'payment' }, code('123456')),
      hashCode(codeKey, { ...binding, bound: ['sub a', ''] }, code('123456')),
      hashCode(codeKey, { ...binding, bound: ['sub b', ''] }, code('123456')),
      hashCode(codeKey, { ...binding, bound: ['sub a', '{"amount":1}'] }, code('123456')),
      hashCode(codeKey, binding, code('123457')),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashCode(codeKey, binding, code('123456'))).toBe(hashes[0]);
  });

  it('compares hashes of any length', () => {
    expect(isSameHash('abc', 'abc')).toBe(true);
    expect(isSameHash('abc', 'abd')).toBe(false);
    expect(isSameHash('abc', 'abcd')).toBe(false);
    expect(isSameHash('', '-')).toBe(false);
  });
});

describe('a keyed hash', () => {
  it('is HMAC-SHA-256 over length-prefixed parts, cut to 128 bits', () => {
    const expected = createHmac('sha256', codeKey)
      .update(Buffer.from('\0\0\0\x02ab\0\0\0\x01c', 'latin1'))
      .digest();
    expect(keyedHash(codeKey, ['ab', 'c'])).toBe(expected.subarray(0, 16).toString('base64url'));
  });

  it('tells parts apart wherever the border between them is', () => {
    expect(keyedHash(codeKey, ['ab', 'c'])).not.toBe(keyedHash(codeKey, ['a', 'bc']));
    expect(keyedHash(codeKey, ['abc'])).not.toBe(keyedHash(codeKey, ['abc', '']));
  });
});

describe('a derived key', () => {
  it('is another for each label', () => {
    const keys = Object.values(deriveIdentityKeys(secret))
      .flatMap((key) => (key instanceof KeyObject ? [key] : [key.mac, key.cipher]))
      .map((key) => key.export().toString('hex'));
    expect(keys).toHaveLength(12);
    expect(new Set(keys).size).toBe(12);
  });

  it('is HKDF-SHA-256 of the secret under its label', () => {
    const prk = createHmac('sha256', Buffer.alloc(32)).update(secret).digest();
    const okm = createHmac('sha256', prk)
      .update('doorcode/code')
      .update(Buffer.from([1]))
      .digest();
    expect(deriveKey(secret, 'code').export()).toEqual(okm);
  });

  it('is never made from a short secret', () => {
    expect(() => deriveKey('a'.repeat(42), 'code')).toThrow(RangeError);
  });
});
