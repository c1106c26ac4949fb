/** The refresh token: one spelling, no forgery, and what an unknown key means. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { drawChallengeId } from '../../functions/otp/request-id.ts';
import {
  attemptHashOf,
  openRefreshToken,
  refreshTokenOf,
  sessionIdOf,
  sessionNameOf,
} from '../../functions/sessions/refresh-token.ts';
import { deriveKeysWithSessions } from '../../functions/sessions/session-keys.ts';
import {
  makingVersion,
  type SessionSecret,
  sessionSecretVersion,
} from '../../functions/sessions/session-secret.ts';

const now = 1_800_000_000;
const keys = deriveKeysWithSessions('i'.repeat(64));
const version = (versionId: string, createdAt: number, value = versionId.padEnd(64, 'v')) =>
  sessionSecretVersion({ versionId, value, createdAt });
const secret: SessionSecret = { current: version('one', now - 86_400), previous: undefined };
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');
const content = { name: drawChallengeId(), lane: 'public', phoneNumber, generation: 7 } as const;
const token = refreshTokenOf(keys, content, { secret, now });

it('is 96 characters and opens as what it was made of', () => {
  expect(token).toMatch(/^[A-Za-z0-9_-]{96}$/);
  expect(openRefreshToken(keys, token, secret)).toEqual({ tag: 'authentic', token: content });
});

it.each(['public', 'attested', 'device', 'test'] as const)('keeps the lane %s', (lane) => {
  const made = refreshTokenOf(keys, { ...content, lane }, { secret, now });
  expect(openRefreshToken(keys, made, secret)).toMatchObject({ token: { lane } });
});

it('has its parts where they belong: format, tag, generation, sealed number, authenticator', () => {
  const bytes = Buffer.from(token, 'base64url');
  expect(bytes).toHaveLength(72);
  expect(bytes[0]).toBe(1);
  expect(bytes.subarray(1, 5)).toEqual(createHash('sha256').update('one').digest().subarray(0, 4));
  expect(bytes.readUInt32BE(5)).toBe(7);
  expect(bytes.subarray(9, 25).toString('base64url')).toBe(content.name);
  expect(bytes.toString('latin1')).not.toContain('9876543210');
});

it.each([0, 1, 8, 9, 1_000_000])(
  'seals one plaintext under one name, whatever the secret and the generation: %i',
  (generation) => {
    const other = refreshTokenOf(
      keys,
      { ...content, generation },
      { secret: { current: version('two', 0), previous: undefined }, now },
    );
    const sealed = (text: string) => Buffer.from(text, 'base64url').subarray(9, 56).toString('hex');
    expect(sealed(other)).toBe(sealed(token));
  },
);

it('opens in no other spelling: each bit, each length, each character', () => {
  const bytes = Buffer.from(token, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const altered = Buffer.from(bytes);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const { tag } = openRefreshToken(keys, altered.toString('base64url'), secret);
    expect(tag, `bit ${bit}`).toBe(bit >= 8 && bit < 40 ? 'unknown-key' : 'forged');
  }
  const spellings = [
    '',
    token.slice(1),
    `${token}A`,
    `${token}=`,
    ` ${token}`,
    `${token}\n`,
    `${token.slice(0, 48)} ${token.slice(48)}`,
    token.replaceAll('A', 'Á'),
    Buffer.from(token, 'base64url').toString('base64'),
    token.toUpperCase(),
  ].filter((text) => text !== token);
  for (const text of spellings) expect(openRefreshToken(keys, text, secret).tag, text).not.toBe('authentic');
});

it('opens with no other identity secret and no other session secret', () => {
  const others = deriveKeysWithSessions('j'.repeat(64));
  expect(openRefreshToken(others, token, secret)).toEqual({ tag: 'forged' });
  const sameTag: SessionSecret = { current: version('one', 0, 'x'.repeat(64)), previous: undefined };
  expect(openRefreshToken(keys, token, sameTag)).toEqual({ tag: 'forged' });
});

it('cannot be made from a request’s id or a device’s token, which have another seal', () => {
  const foreign = { ...keys, sessionSeal: keys.seal };
  const made = refreshTokenOf(foreign, content, { secret, now });
  expect(openRefreshToken(keys, made, secret)).toEqual({ tag: 'forged' });
});

it('has no generation after the last that four bytes hold', () => {
  const made = (generation: number) => refreshTokenOf(keys, { ...content, generation }, { secret, now });
  expect(openRefreshToken(keys, made(0xffff_fffe), secret).tag).toBe('authentic');
  expect(openRefreshToken(keys, made(0xffff_ffff), secret).tag).toBe('forged');
});

it('is made with the version before, until AWSCURRENT is 15 minutes old', () => {
  const previous = version('one', now - 90 * 86_400);
  const rotated = { current: version('two', now - 899), previous };
  expect(makingVersion(rotated, now)).toBe(previous);
  expect(makingVersion(rotated, now + 1)).toBe(rotated.current);
  // A clock that is behind.
  expect(makingVersion(rotated, now - 1000)).toBe(previous);
  const first = { current: rotated.current, previous: undefined };
  expect(makingVersion(first, now)).toBe(first.current);
});

it('opens with either version, and tries both where their tags are alike', () => {
  const current = version('two', now - 3600);
  const rotated = { current, previous: version('one', 0) };
  const newer = refreshTokenOf(keys, content, { secret: rotated, now });
  expect(openRefreshToken(keys, token, rotated).tag).toBe('authentic');
  expect(openRefreshToken(keys, newer, rotated).tag).toBe('authentic');
  expect(openRefreshToken(keys, newer, secret).tag).toBe('unknown-key');
  const alike = { current: { ...current, tag: rotated.previous.tag }, previous: rotated.previous };
  expect(openRefreshToken(keys, token, alike).tag).toBe('authentic');
  const made = refreshTokenOf(keys, content, { secret: alike, now });
  expect(openRefreshToken(keys, made, alike).tag).toBe('authentic');
});

it('has a name of both the challenge and the client’s key, and a random one without a key', () => {
  const name = (challengeId: string, idempotencyKey: string | undefined) =>
    sessionNameOf(keys, { challengeId, idempotencyKey });
  expect(name('c', 'k')).toBe(name('c', 'k'));
  expect(name('c', 'k')).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(new Set([name('c', 'k'), name('d', 'k'), name('c', 'l'), name('ck', '')]).size).toBe(4);
  expect(name('c', undefined)).not.toBe(name('c', undefined));
});

it('has an id that is no part of it, and attempts that belong to one generation of one session', () => {
  const id = sessionIdOf(keys, content.name);
  expect(id).toMatch(/^[A-Za-z0-9_-]{16}$/);
  expect(content.name).not.toContain(id.slice(0, 8));
  const hash = (name: string, generation: number, attempt: string) =>
    attemptHashOf(keys, { name, generation }, attempt);
  expect(hash('n', 1, 'a')).toMatch(/^[A-Za-z0-9_-]{11}$/);
  expect(new Set([hash('n', 1, 'a'), hash('m', 1, 'a'), hash('n', 2, 'a'), hash('n', 1, 'b')]).size).toBe(4);
});

it('a session secret that is too short makes no key', () => {
  expect(() => version('short', 0, 's')).toThrow(RangeError);
});
