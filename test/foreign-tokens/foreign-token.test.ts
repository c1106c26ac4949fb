/** Tokens of a foreign issuer against the verifier, with real key pairs; the fetching of keys has its own test. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ForeignKeys,
  type KeysFound,
  parseForeignKeys,
} from '../../functions/foreign-tokens/foreign-key-set.ts';
import {
  type ForeignIssuer,
  type ForeignVerdict,
  openForeignVerifier,
} from '../../functions/foreign-tokens/foreign-token.ts';
import { parseUniqueJson } from '../../functions/runtime/unique-json.ts';
import type { ForeignAlgorithm } from '../../functions/settings/foreign-algorithm.ts';
import { foreignAlgorithms } from '../../functions/settings/foreign-algorithm.ts';
import { type ForeignKeyPair, genuineToken, makeForeignKey, signToken } from '../support/foreign-issuer.ts';
import {
  forgedTokens,
  forgedTypes,
  isSendable,
  makeTrapKeys,
  psychicTokens,
} from '../support/forged-tokens.ts';
import { neverOver } from '../support/test-clock.ts';

const now = 1_800_000_000;
const claims = {
  iss: 'https://login.acme.example',
  aud: 'acme-app',
  sub: 'user-1',
  iat: now,
  exp: now + 600,
};
const issuer: ForeignIssuer = {
  issuer: claims.iss,
  audience: claims.aud,
  jwksUrl: 'https://login.acme.example/jwks.json',
  algorithms: ['RS256', 'ES256'],
};
const pair = makeForeignKey('RS256');
const es256 = makeForeignKey('ES256');
const traps = makeTrapKeys();
const forgedIssuer = { pair, traps };
const published = [pair, es256, ...Object.values(traps)];

function keysOf(pairs: readonly ForeignKeyPair[]): ForeignKeys & { readonly asked: string[] } {
  const known = parseForeignKeys(JSON.stringify({ keys: pairs.map(({ jwk }) => jwk) }));
  const asked: string[] = [];
  return {
    asked,
    find: async (kid): Promise<KeysFound> => {
      asked.push(kid);
      const keys = known.filter((key) => key.kid === kid);
      return keys.length > 0 ? { tag: 'found', keys } : { tag: 'unknown' };
    },
  };
}

function verify(
  token: string,
  overrides: Partial<ForeignIssuer> = {},
  keys: ForeignKeys = keysOf(published),
): Promise<ForeignVerdict> {
  return openForeignVerifier({ ...issuer, ...overrides }, { keys, now: () => now }).verify(token, neverOver);
}

const subjectOf = (token: string, overrides: Partial<ForeignIssuer> = {}) =>
  verify(token, overrides).then((verdict) => (verdict.tag === 'valid' ? verdict.subject : verdict));

describe('a genuine token of a foreign issuer', () => {
  it.each(foreignAlgorithms)('is taken when it is signed with %s', async (alg: ForeignAlgorithm) => {
    const key = makeForeignKey(alg);
    const verdict = await verify(genuineToken(key, claims), { algorithms: [alg] }, keysOf([key]));
    expect(verdict).toEqual({ tag: 'valid', subject: 'user-1' });
  });

  it.each([
    ['its audience is one of several', { aud: ['other', 'acme-app'] }],
    ['it has other claims', { scope: 'a b', nested: { sub: 'x', list: [{ sub: 'y' }, { sub: 'z' }] } }],
    ['it expires in a second', { exp: now + 1 }],
    ['it expires in half a second', { exp: now + 0.5 }],
    ['it lives a year', { exp: now + 366 * 86_400 }],
    ['it was issued long ago and still lives', { iat: now - 86_400 }],
    ['the clock of its issuer runs a minute ahead', { iat: now + 60, nbf: now + 60 }],
    ['it says twice the same in strings that look like members', { a: '"b":1', b: '{"b":', c: '\\"b":' }],
  ])('is taken when %s', async (_, members) => {
    expect(await subjectOf(genuineToken(pair, { ...claims, ...members }))).toBe('user-1');
  });

  it('is taken when the names of its claims are also names deeper within', async () => {
    const nested = { sub: 'x', list: [{ sub: 'y' }, { sub: 'z' }] };
    expect(await subjectOf(genuineToken(pair, { nested, ...claims }))).toBe('user-1');
  });

  it.each(['s'.repeat(255), '__proto__', 'प्रिया', '😀', ' '])(
    'gives its subject as it is: %s',
    async (sub) => {
      expect(await subjectOf(genuineToken(pair, { ...claims, sub }))).toBe(sub);
    },
  );

  it('is taken with exactly 8 KiB', async () => {
    const padded = (inHeader: number, inClaims: number) =>
      signToken(
        pair,
        { alg: 'RS256', kid: pair.kid, note: 'x'.repeat(inHeader) },
        { ...claims, note: 'x'.repeat(inClaims) },
      );
    const room = Math.floor(((8 * 1024 - padded(0, 0).length) * 3) / 4);
    const tokens = [0, 1, 2].flatMap((i) => [0, 1, 2, 3].map((j) => padded(i, room - i - j)));
    const full = tokens.filter(({ length }) => length === 8 * 1024);
    expect(full).not.toHaveLength(0);
    for (const token of full) expect(await subjectOf(token)).toBe('user-1');
  });

  it('is taken with the fingerprint of a certificate in its header', async () => {
    const header = { alg: 'RS256', kid: pair.kid, x5t: 'GvnPApfWMdLRi8PDmisFn7bprKg' };
    expect(await subjectOf(signToken(pair, header, claims))).toBe('user-1');
  });

  it('is taken by a key that names neither algorithm nor use', async () => {
    const key = makeForeignKey('RS256', { members: { alg: undefined, use: undefined } });
    const verdict = await verify(genuineToken(key, claims), {}, keysOf([key]));
    expect(verdict.tag).toBe('valid');
  });

  it('is taken by the key of its kind where two keys have one id', async () => {
    const twin = { ...es256, kid: pair.kid, jwk: { ...es256.jwk, kid: pair.kid } };
    for (const key of [pair, twin])
      expect((await verify(genuineToken(key, claims), {}, keysOf([twin, pair]))).tag).toBe('valid');
  });

  it.each(['JWT', 'jwt', 'application/JWT', 'Application/jwt'])(
    'is taken with the required type spelt %s',
    async (typ) => {
      const token = signToken(pair, { alg: 'RS256', kid: pair.kid, typ }, claims);
      expect(await subjectOf(token, { tokenType: 'JWT' })).toBe('user-1');
      expect(await subjectOf(token, { tokenType: 'application/jwt' })).toBe('user-1');
    },
  );

  it('is taken with any type, or none, when none is required', async () => {
    for (const typ of [undefined, 'at+jwt', 1])
      expect(await subjectOf(signToken(pair, { alg: 'RS256', kid: pair.kid, typ }, claims))).toBe('user-1');
  });
});

describe('a forged or malformed token', () => {
  const forged = forgedTokens(forgedIssuer, claims);

  it.each(forged)('is refused when it $name', async ({ token, reason }) => {
    expect(await verify(token)).toEqual({ tag: 'invalid', reason });
  });

  it.each(forged)('is refused as well with the type required when it $name', async ({ token }) => {
    expect((await verify(token, { tokenType: 'JWT' })).tag).toBe('invalid');
  });

  it.each(forgedTypes(forgedIssuer, claims))(
    'is refused for its type when it $name',
    async ({ token, reason }) => {
      expect(await verify(token, { tokenType: 'JWT' })).toEqual({ tag: 'invalid', reason });
      expect((await verify(token)).tag).toBe('valid');
    },
  );

  it.each(psychicTokens(es256, claims))('is refused when it $name', async ({ token, reason }) => {
    expect(await verify(token)).toEqual({ tag: 'invalid', reason });
  });

  it('comes in at least 40 kinds that can be sent in a header, each with a name of its own', () => {
    const sendable = forged.filter(isSendable);
    expect(sendable.length).toBeGreaterThanOrEqual(40);
    expect(new Set(forged.map(({ name }) => name)).size).toBe(forged.length);
  });

  it.each([undefined, null, 7, {}, ['a.b.c'], Buffer.from('a.b.c')])(
    'is refused when it is no text: %s',
    async (token) => {
      const { verify: verifyAnything } = openForeignVerifier(issuer, {
        keys: keysOf(published),
        now: () => now,
      });
      expect(await Reflect.apply(verifyAnything, undefined, [token])).toEqual({
        tag: 'invalid',
        reason: 'no token',
      });
    },
  );

  it('is refused for its shape, header or algorithm without a look at the keys', async () => {
    const keys = keysOf(published);
    const early = ['too long', 'not three parts', 'encoding', 'header', 'claims', 'algorithm', 'no kid'];
    for (const { token } of forged.filter(({ reason }) => early.includes(reason)))
      await verify(token, {}, keys);
    expect(keys.asked).toEqual([]);
  });

  it('is never quoted in the reason', async () => {
    const secret = 'tell-nobody';
    const tokens = [
      signToken(pair, { alg: secret, kid: secret }, claims),
      signToken(pair, { alg: 'RS256', kid: secret }, claims),
      signToken(pair, { alg: 'RS256', kid: pair.kid }, { ...claims, iss: secret }),
      signToken(pair, { alg: 'RS256', kid: pair.kid }, { ...claims, exp: secret }),
      secret,
    ];
    for (const token of tokens) {
      const verdict = await verify(token);
      expect(verdict.tag).toBe('invalid');
      expect(JSON.stringify(verdict)).not.toContain(secret);
    }
  });
});

describe('any change of a genuine token', () => {
  const tokens = [pair, es256].map((key) => genuineToken(key, claims));
  const edit = fc.record({
    token: fc.constantFrom(...tokens),
    at: fc.nat({ max: 8191 }),
    removed: fc.nat({ max: 3 }),
    added: fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.stringMatching(/^[A-Za-z0-9._=-]{0,4}$/),
      fc.constantFrom('.', '=', '\0', 'A', '%00'),
    ),
  });

  it('is refused', async () => {
    await fc.assert(
      fc.asyncProperty(edit, async ({ token, at, removed, added }) => {
        const place = at % (token.length + 1);
        const edited = `${token.slice(0, place)}${added}${token.slice(place + removed)}`;
        expect((await verify(edited)).tag).toBe(edited === token ? 'valid' : 'invalid');
      }),
      { numRuns: 3_000 },
    );
  });

  it('in its header or claims is refused, whatever it is, without a new signature', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...tokens),
        fc.jsonValue(),
        fc.nat({ max: 1 }),
        async (token, value, i) => {
          const parts = token.split('.');
          parts[i] = Buffer.from(JSON.stringify(value)).toString('base64url');
          expect((await verify(parts.join('.'))).tag).toBe('invalid');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('any claims under a genuine signature', () => {
  const claim = fc.constantFrom('iss', 'aud', 'sub', 'iat', 'exp', 'nbf');
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.double(),
    fc.integer({ min: now - 100_000, max: now + 100_000 }),
    fc.constantFrom(claims.iss, claims.aud, [claims.aud]),
  );

  it('give a verdict, and a valid one only for an issuer, an audience and times that are right', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(claim, odd, { maxKeys: 3 }), async (members) => {
        const payload = JSON.parse(JSON.stringify({ ...claims, ...members }));
        const verdict = await verify(genuineToken(pair, payload));
        const { iss, aud, sub, iat, exp, nbf = now } = payload;
        const isForUs =
          iss === claims.iss && (aud === claims.aud || (Array.isArray(aud) && aud.includes(claims.aud)));
        const isNumber = [iat, exp, nbf].every((time) => typeof time === 'number');
        const isInTime =
          isNumber && iat <= now + 60 && nbf <= now + 60 && exp > now && exp - iat <= 366 * 86_400;
        const isSubject = typeof sub === 'string' && sub.length > 0 && sub.length <= 255;
        expect(verdict.tag).toBe(isForUs && isInTime && isSubject ? 'valid' : 'invalid');
      }),
      { numRuns: 3_000 },
    );
  });

  it('are read as JSON.parse reads them while no member is there twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(parseUniqueJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('are refused with a member twice, wherever it is and however it is spelt', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.jsonValue(),
        fc.array(fc.jsonValue(), { maxLength: 2 }),
        (name, value, before) => {
          const escaped = [...name]
            .flatMap((c) => c.split(''))
            .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
          const twice = `{${JSON.stringify(name)}:${JSON.stringify(value)}, "${escaped.join('')}" :1}`;
          const text = `{"outer":[${[...before.map((item) => JSON.stringify(item)), twice].join(',')}]}`;
          expect(JSON.parse(text)).toBeTypeOf('object');
          expect(() => parseUniqueJson(text)).toThrow('expected each member once');
        },
      ),
    );
  });
});

describe('a token that nobody can check', () => {
  it('is neither valid nor invalid while there are no keys', async () => {
    const keys: ForeignKeys = { find: async () => ({ tag: 'unavailable', reason: 'timeout' }) };
    expect(await verify(genuineToken(pair, claims), {}, keys)).toEqual({
      tag: 'unavailable',
      reason: 'timeout',
    });
  });

  it('is refused, and nothing is thrown, when finding keys breaks', async () => {
    const keys: ForeignKeys = { find: () => Promise.reject(new Error('broken')) };
    expect(await verify(genuineToken(pair, claims), {}, keys)).toEqual({
      tag: 'invalid',
      reason: 'not verifiable',
    });
  });
});

/** Another spelling of the same 32 bytes. */
const withStrayBits = (encoded: string): string => {
  const last = encoded.at(-1) ?? '';
  return encoded.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
};

describe('the key set of a foreign issuer', () => {
  const kidsOf = (keys: readonly unknown[]) =>
    parseForeignKeys(JSON.stringify({ keys })).map(({ kid }) => kid);

  it('keeps the keys that may check our tokens, and skips the others', () => {
    const skipped = [traps.forEncryption, traps.forNothingOfOurs, traps.short, traps.withItsPrivateHalf];
    const kept = published.filter((key) => !skipped.includes(key));
    expect(kidsOf(published.map(({ jwk }) => jwk))).toEqual(kept.map(({ kid }) => kid));
  });

  it.each([
    ['no object', 7],
    ['null', null],
    ['a list', [pair.jwk]],
    ['without an id', { ...pair.jwk, kid: undefined }],
    ['with an empty id', { ...pair.jwk, kid: '' }],
    ['with a number for an id', { ...pair.jwk, kid: 1 }],
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' }],
    ['of no kind', { ...pair.jwk, kty: undefined }],
    ['of another kind than it says', { ...es256.jwk, kty: 'RSA' }],
    ['of a curve that we do not take', { ...es256.jwk, crv: 'secp256k1' }],
    ['with the point of another curve', { ...traps.ofAnotherCurve.jwk, crv: 'P-256' }],
    ['with a point off its curve', { ...es256.jwk, y: es256.jwk['x'] }],
    ['for key agreement', { kty: 'OKP', crv: 'X25519', kid: 'a', x: makeForeignKey('EdDSA').jwk['x'] }],
    ['with a short point', { kty: 'OKP', crv: 'Ed25519', kid: 'a', x: 'AAAA' }],
    ['with a modulus in the padding of base64', { ...pair.jwk, n: `${pair.jwk['n']}==` }],
    [
      'with stray bits at the end of a coordinate',
      { ...es256.jwk, x: withStrayBits(String(es256.jwk['x'])) },
    ],
    ['with a space in its modulus', { ...pair.jwk, n: ` ${pair.jwk['n']}` }],
    ['with an exponent of 1', { ...pair.jwk, e: 'AQ' }],
    ['with an exponent of 0', { ...pair.jwk, e: 'AA' }],
    ['with a modulus of 16,384 bits', { ...pair.jwk, n: Buffer.alloc(2048, 0xff).toString('base64url') }],
    ['for encryption', { ...pair.jwk, use: 'enc' }],
    ['whose use is a list', { ...pair.jwk, use: ['sig'] }],
    ['whose operations are no list', { ...pair.jwk, key_ops: 'verify' }],
    ['with its private half', { ...pair.jwk, d: 'AQAB' }],
  ])('skips a key that is: %s', (_, jwk) => {
    expect(kidsOf([jwk, pair.jwk])).toEqual([pair.kid]);
  });

  it.each([
    ['no text', ''],
    ['HTML', '<!doctype html>'],
    ['a list', '[]'],
    ['a string', '"keys"'],
    ['null', 'null'],
    ['an object without keys', '{}'],
    ['keys that are no list', '{"keys":{}}'],
    ['a single key', JSON.stringify(pair.jwk)],
    ['a set after a byte order mark', `\ufeff${JSON.stringify({ keys: [pair.jwk] })}`],
    ['keys twice', `{"keys":[],"keys":[${JSON.stringify(pair.jwk)}]}`],
    ['a key with a member twice', JSON.stringify({ keys: [pair.jwk] }).replace('"kid"', '"kid":"a","kid"')],
    ['33 keys', JSON.stringify({ keys: Array.from({ length: 33 }, () => pair.jwk) })],
  ])('is none when it is %s', (_, text) => {
    expect(() => parseForeignKeys(text)).toThrow('expected a JWK Set of at most 32 keys');
  });

  it('may have 32 keys', () => {
    expect(kidsOf(Array.from({ length: 32 }, () => pair.jwk))).toHaveLength(32);
  });
});
