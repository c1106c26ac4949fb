import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ForeignIssuer } from '../../functions/foreign-tokens/foreign-token.ts';
import { foreignIssuerSchema } from '../../functions/settings/foreign-issuer-settings.ts';

const issuer: ForeignIssuer = {
  issuer: 'https://login.acme.example',
  audience: 'acme-app',
  jwksUrl: 'https://login.acme.example/.well-known/jwks.json',
  algorithms: ['RS256'],
};
const messageOf = (overrides: object): string => {
  const { issues = [] } = v.safeParse(foreignIssuerSchema, { ...issuer, ...overrides });
  return issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`).join('\n');
};

describe('a foreign issuer in the settings', () => {
  it('reads as it is written, also after a journey through JSON', () => {
    const full: ForeignIssuer = { ...issuer, algorithms: ['ES256', 'EdDSA'], tokenType: 'at+jwt' };
    for (const input of [issuer, full]) {
      const read: ForeignIssuer = v.parse(foreignIssuerSchema, input);
      expect(read).toEqual(input);
      expect(v.parse(foreignIssuerSchema, JSON.parse(JSON.stringify(read)))).toEqual(input);
    }
  });

  it('may be Firebase App Check', () => {
    const appCheck = {
      issuer: 'https://firebaseappcheck.googleapis.com/123456789',
      audience: 'projects/123456789',
      jwksUrl: 'https://firebaseappcheck.googleapis.com/v1/jwks',
      algorithms: ['RS256'],
      tokenType: 'JWT',
    };
    expect(v.parse(foreignIssuerSchema, appCheck)).toEqual(appCheck);
  });

  it.each(['http://127.0.0.1:8080/jwks.json', 'http://127.9.9.9/', 'https://acme.example/keys?tenant=a'])(
    'may have its keys at %s',
    (jwksUrl) => {
      expect(messageOf({ jwksUrl })).toBe('');
    },
  );

  it.each([
    'http://login.acme.example/jwks.json',
    'http://localhost/jwks.json',
    'http://[::1]/jwks.json',
    'http://127.0.0.1.acme.example/',
    'http://10.0.0.1/',
    'https://user@acme.example/',
    'https://:password@acme.example/',
    'https://acme.example/#keys',
    'ftp://acme.example/',
    'ftp://127.0.0.1/',
    'file:///etc/jwks.json',
    'data:application/json,{}',
    '/jwks.json',
    'https://',
    '',
  ])('may not have its keys at %s', (jwksUrl) => {
    expect(messageOf({ jwksUrl })).toBe(
      'jwksUrl: expected an https: URL without user, password and fragment (http: for 127.0.0.0/8 alone)',
    );
  });

  it.each([
    ['no issuer', { issuer: undefined }, 'issuer'],
    ['an empty issuer', { issuer: '' }, 'issuer: expected the exact "iss" of the tokens'],
    ['an issuer with a space', { issuer: 'a b' }, 'issuer: expected the exact "iss" of the tokens'],
    ['no audience', { audience: undefined }, 'audience'],
    ['an empty audience', { audience: '' }, 'audience: expected the "aud"'],
    ['several audiences', { audience: ['a'] }, 'audience'],
    ['a URL with a space', { jwksUrl: 'https://acme.example/a b' }, 'jwksUrl: expected visible ASCII'],
    [
      'a URL without end',
      { jwksUrl: `https://acme.example/${'a'.repeat(2048)}` },
      'jwksUrl: expected at most',
    ],
    ['no algorithm', { algorithms: [] }, 'algorithms: expected at least one algorithm'],
    ['an algorithm twice', { algorithms: ['RS256', 'RS256'] }, 'algorithms: expected each algorithm once'],
    ['the algorithm none', { algorithms: ['none'] }, 'algorithms.0: expected one of RS256, RS384'],
    ['a shared secret', { algorithms: ['RS256', 'HS256'] }, 'algorithms.1: expected one of RS256, RS384'],
    ['a type with a space', { tokenType: 'at jwt' }, 'tokenType: expected a media type'],
    ['an empty type', { tokenType: '' }, 'tokenType: expected a media type'],
    ['an unknown member', { jwksUri: 'https://acme.example/' }, 'jwksUri'],
  ])('may not have %s', (_, overrides, message) => {
    expect(messageOf(overrides)).toContain(message);
  });
});
