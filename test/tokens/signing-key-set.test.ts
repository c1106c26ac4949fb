import { beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';
import {
  jwksCacheSeconds,
  parseKeySet,
  publicKeySet,
  type SigningKey,
  signerAt,
  withEmergencyKey,
  withNewKey,
  withoutOldKeys,
} from '../../functions/tokens/signing-key-set.ts';

const day = 86_400;
let key: Omit<SigningKey, 'activeFrom'>;
beforeAll(async () => {
  key = await generateSigningKey();
});
const named = (kid: string) => ({ ...key, kid });
const longestTokenSeconds = 3600;

describe('the set of signing keys', () => {
  it('makes its first key active at once, and each further one when every cache has seen it', () => {
    const first = withNewKey({ keys: [] }, named('a'), { now: 1000, longestTokenSeconds });
    const second = withNewKey(first, named('b'), { now: 1000 + 90 * day, longestTokenSeconds });
    expect(first.keys.map((k) => k.activeFrom)).toEqual([1000]);
    expect(second.keys.map((k) => k.kid)).toEqual(['a', 'b']);
    const activeFrom = 1000 + 90 * day + jwksCacheSeconds;
    expect(signerAt(second, activeFrom - 1)?.kid).toBe('a');
    expect(signerAt(second, activeFrom)?.kid).toBe('b');
    expect(jwksCacheSeconds).toBeGreaterThanOrEqual(2 * 3600 + 300);
  });

  it('has no signer before its first key', () => {
    expect(signerAt({ keys: [] }, 1000)).toBeUndefined();
    // A worker whose clock is two minutes slow, just after the deployment.
    expect(signerAt(withNewKey({ keys: [] }, named('a'), { now: 1000, longestTokenSeconds }), 880)?.kid).toBe(
      'a',
    );
  });

  it('drops a key when its last token expired so long ago that no cache needs it', () => {
    const two = {
      keys: [
        { ...named('a'), activeFrom: 0 },
        { ...named('b'), activeFrom: 10_000 },
      ],
    };
    const gone = 10_000 + longestTokenSeconds + jwksCacheSeconds;
    const kids = (now: number) =>
      withNewKey(two, named('c'), { now, longestTokenSeconds }).keys.map((k) => k.kid);
    expect(kids(gone - 1)).toEqual(['a', 'b', 'c']);
    expect(kids(gone)).toEqual(['b', 'c']);
  });

  it('keeps a key by the longest lifetime in force while it signed, after a deployment that shortened it', () => {
    const long = 86_400;
    const first = withNewKey({ keys: [] }, named('a'), { now: 0, longestTokenSeconds: long });
    // Deployed in between: tokens live for an hour now.
    const second = withNewKey(first, named('b'), { now: 10_000, longestTokenSeconds });
    const lastToken = 10_000 + jwksCacheSeconds + long;
    const kids = (now: number) =>
      withNewKey(second, named('c'), { now, longestTokenSeconds }).keys.map((k) => k.kid);
    expect(kids(lastToken)).toEqual(['a', 'b', 'c']);
    expect(kids(lastToken + jwksCacheSeconds - 1)).toEqual(['a', 'b', 'c']);
    expect(kids(lastToken + jwksCacheSeconds)).toEqual(['b', 'c']);
  });

  it('keeps a key no longer for the keys that came and went after it', () => {
    const long = 86_400;
    let set = withNewKey({ keys: [] }, named('a'), { now: 0, longestTokenSeconds: long });
    const rotateEvery = jwksCacheSeconds + 60;
    const gone = 1_000 + jwksCacheSeconds + long + jwksCacheSeconds;
    for (let now = 1_000; now < gone; now += rotateEvery) {
      set = withNewKey(set, named(`${now}`), { now, longestTokenSeconds });
      expect(set.keys[0]?.kid).toBe('a');
    }
    const kids = withNewKey(set, named('z'), { now: gone, longestTokenSeconds }).keys.map((k) => k.kid);
    expect(kids).not.toContain('a');
    expect(kids).toEqual(['82600', '90760', '98920', 'z']);
  });

  it('notes a longer lifetime when a rotation finds one, and keeps it through one that makes no key', () => {
    const long = 7_200;
    const first = withNewKey({ keys: [] }, named('a'), { now: 0, longestTokenSeconds });
    const noted = withoutOldKeys(first, { now: 500, longestTokenSeconds: long });
    expect(withoutOldKeys(noted, { now: 600, longestTokenSeconds }).keys[0]?.longestTokenSeconds).toBe(long);
  });

  it('keeps a key through an emergency by its own lifetime, too', () => {
    const long = 86_400;
    const first = withNewKey({ keys: [] }, named('a'), { now: 0, longestTokenSeconds: long });
    const times = { longestTokenSeconds, withdrawn: [] };
    const second = withEmergencyKey(first, named('b'), { ...times, now: 1_000 });
    const third = withEmergencyKey(second, named('c'), { ...times, now: 1_000 + long });
    expect(third.keys.map((k) => k.kid)).toEqual(['a', 'b', 'c']);
  });

  it('publishes nothing but the public members', () => {
    const published = publicKeySet({ keys: [{ ...key, activeFrom: 0 }] });
    expect(Object.keys(published.keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('reads what it writes', () => {
    const set = { keys: [{ ...key, activeFrom: 5 }] };
    expect(parseKeySet(JSON.stringify(set))).toEqual(set);
    expect(parseKeySet('{"keys":[]}')).toEqual({ keys: [] });
  });

  it.each([
    ['a member twice', (text: string) => text.replace('"activeFrom"', '"activeFrom":1,"activeFrom"')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['the padding of base64', (text: string) => text.replace('"e":"AQAB"', '"e":"AQAB=="')],
    ['stray bits', (text: string) => text.replace(/"kid":"[^"]+"/, '"kid":"AB"')],
  ])('refuses %s', (_, alter) => {
    const text = JSON.stringify({ keys: [{ ...key, activeFrom: 5 }] });
    expect(alter(text)).not.toBe(text);
    expect(() => parseKeySet(alter(text))).toThrow(/^expected a set of signing keys$/);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"keys":{}}',
    '{"keys":[{}]}',
    'secret-canary',
    '{"keys":[{"kid":"secret-canary"}]}',
  ])('refuses %j without repeating it', (stored) => {
    expect(() => parseKeySet(stored)).toThrow(/^expected a set of signing keys$/);
  });

  it('holds keys of 3072 bits, named by their thumbprint', () => {
    expect(Buffer.from(key.jwk.n, 'base64url')).toHaveLength(384);
    expect(key.kid).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
