import { beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';
import {
  jwksCacheSeconds,
  parseKeySet,
  publicKeySet,
  type SigningKey,
  signerAt,
  withNewKey,
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
