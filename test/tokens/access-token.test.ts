import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import type { Verified } from '../../functions/otp/verify-otp-ports.ts';
import { discoveryDocuments } from '../../functions/sessions/session-discovery.ts';
import { parseSettings, type SettingsInput } from '../../functions/settings/settings.ts';
import { importSigner, longestTokenSeconds, signAccessToken } from '../../functions/tokens/access-token.ts';
import { discoveryDocument } from '../../functions/tokens/discovery.ts';
import { discoveryDocuments as withoutSessions } from '../../functions/tokens/no-session-discovery.ts';
import { generateSigningKey, tryKey } from '../../functions/tokens/rsa-key.ts';
import { publicKeySet, type SigningKey } from '../../functions/tokens/signing-key-set.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';

const issuer = 'https://id.execute-api.ap-south-1.amazonaws.com';
const identity = deriveIdentityKeys('i'.repeat(64));
const verifiedAt = Math.floor(Date.now() / 1000);
const smsTemplates = {
  'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
  payment: { default: '11111111-1111-4111-8111-111111111111' },
};
let key: SigningKey;
beforeAll(async () => {
  key = { ...(await generateSigningKey()), activeFrom: 0 };
});

async function tokenOf(
  overrides: Partial<SettingsInput> = {},
  purpose = 'sign-in',
  won: Partial<Pick<Verified, 'caller' | 'isTest'>> = {},
) {
  const settings = parseSettings({ appName: 'Acme', audience: 'acme-app', smsTemplates, ...overrides });
  const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');
  const verified = {
    tag: 'verified',
    phoneNumber,
    purpose,
    tokenId: 'token-id',
    verifiedAt,
    caller: {},
    isTest: false,
    ...won,
  } as const;
  const { jwt } = await signAccessToken(await importSigner(key), verified, { settings, issuer, identity });
  const jwks = createLocalJWKSet({ keys: [...publicKeySet({ keys: [key] }).keys] });
  const { payload } = await jwtVerify(jwt, jwks, {
    issuer,
    audience: 'acme-app',
    typ: 'at+jwt',
    algorithms: ['RS256'],
  });
  return { jwt, payload };
}

describe('an access token', () => {
  it('has the claims of RFC 9068 and ours, and no other', async () => {
    const { jwt, payload } = await tokenOf();
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'RS256', kid: key.kid, typ: 'at+jwt' });
    expect(payload).toEqual({
      iss: issuer,
      sub: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      aud: 'acme-app',
      client_id: 'acme-app',
      iat: verifiedAt,
      exp: verifiedAt + 3600,
      jti: 'token-id',
      auth_time: verifiedAt,
      amr: ['otp', 'sms'],
      scope: 'sign-in',
      phone_number: '+919876543210',
      phone_number_verified: true,
    });
  });

  it('names its purpose as scope, with the lifetime of that purpose', async () => {
    const { payload } = await tokenOf({ tokenLifetimeSecondsByPurpose: { payment: 120 } }, 'payment');
    expect(payload).toMatchObject({ scope: 'payment', exp: verifiedAt + 120 });
  });

  it('leaves the number out when the setting says so', async () => {
    const { payload } = await tokenOf({ phoneNumberClaim: false });
    expect(JSON.stringify(payload)).not.toContain('9876543210');
    expect(payload['phone_number_verified']).toBeUndefined();
  });

  it('names the caller by its issuer and subject, and what was approved; and a test number', async () => {
    const session = sessionFor('payment');
    const caller = { subject: 'user-7', context: { amount: 500 } };
    const { payload } = await tokenOf({ session }, 'payment', { caller, isTest: true });
    expect(payload).toMatchObject({
      sub_id: { format: 'iss_sub', iss: 'https://login.example.com', sub: 'user-7' },
      context: { amount: 500 },
      test: true,
    });
    const without = await tokenOf({ session }, 'payment', { caller: {}, isTest: false });
    for (const claim of ['sub_id', 'context', 'test']) expect(without.payload).not.toHaveProperty(claim);
  });

  it('of a test number names nobody: a sub of its own, and no phone number', async () => {
    const [real, test, again] = [
      await tokenOf(),
      await tokenOf({}, 'sign-in', { isTest: true }),
      await tokenOf({}, 'sign-in', { isTest: true }),
    ];
    expect(test.payload.sub).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(test.payload.sub).toBe(again.payload.sub);
    expect(test.payload.sub).not.toBe(real.payload.sub);
    const { sub, phone_number, phone_number_verified, ...alike } = real.payload;
    expect(phone_number_verified).toBe(true);
    expect(test.payload).toEqual({ ...alike, sub: test.payload.sub, test: true });
    expect(JSON.stringify(test.payload)).not.toContain(String(phone_number).slice(-10));
  });

  it('is signed with an RSA key or not at all', async () => {
    const jwk = JSON.parse(`{"kty":"oct","k":"${Buffer.alloc(32).toString('base64url')}"}`);
    await expect(importSigner({ ...key, jwk })).rejects.toThrow('expected an RSA key');
  });

  it('has a longest lifetime over all purposes', () => {
    const settings = parseSettings({
      appName: 'Acme',
      audience: 'a',
      smsTemplates,
      tokenLifetimeSecondsByPurpose: { payment: 7200 },
    });
    expect(longestTokenSeconds(settings)).toBe(7200);
  });
});

describe('a new signing key', () => {
  it('is tried with what is published, and fails when it is not', async () => {
    await expect(tryKey(key, JSON.stringify(publicKeySet({ keys: [key] })))).resolves.toBeUndefined();
    await expect(tryKey(key, JSON.stringify({ keys: [] }))).rejects.toThrow();
    const other = { ...(await generateSigningKey()), kid: key.kid, activeFrom: 0 };
    await expect(tryKey(other, JSON.stringify(publicKeySet({ keys: [key] })))).rejects.toThrow();
  });
});

describe('the discovery documents of sessions', () => {
  const documents = discoveryDocuments(issuer);
  const endpoints = {
    token_endpoint: `${issuer}/auth/token`,
    revocation_endpoint: `${issuer}/auth/revoke`,
    grant_types_supported: ['refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  };

  it('are two, with the same issuer, keys and endpoints, and no place to redirect to', () => {
    expect(documents).toEqual({
      '/.well-known/openid-configuration': { ...discoveryDocument(issuer), ...endpoints },
      '/.well-known/oauth-authorization-server': {
        issuer,
        jwks_uri: `${issuer}/.well-known/jwks.json`,
        ...endpoints,
      },
    });
    expect(JSON.stringify(documents)).not.toContain('authorization_endpoint');
  });

  it('are not there without sessions', () => {
    expect(withoutSessions(issuer)).toEqual({
      '/.well-known/openid-configuration': discoveryDocument(issuer),
    });
  });
});

describe('the discovery document', () => {
  it('is what an API Gateway JWT authorizer asks for', () => {
    const document = discoveryDocument(issuer);
    expect(document.issuer).toBe(issuer);
    expect(document.jwks_uri).toBe(`${issuer}/.well-known/jwks.json`);
    expect(document.id_token_signing_alg_values_supported).toEqual(['RS256']);
  });

  it('leaves out what has nothing in it (RFC 8414, section 3.2)', () => {
    for (const documents of [discoveryDocuments(issuer), withoutSessions(issuer)]) {
      const values = Object.values(documents).flatMap((document) => Object.values<unknown>({ ...document }));
      expect(values.length).toBeGreaterThan(3);
      expect(values.every((value) => Object(value).length > 0)).toBe(true);
    }
  });
});
