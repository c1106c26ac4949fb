/**
 * The tokens that every verifier gets: good ones from Doorcode's own signer, and forged ones. Those with a claim of another
 * value are signed by the right key, so that only the claim can betray them. It is long because it is a list of forgeries.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import * as v from 'valibot';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { importSigner, signAccessToken } from '../../functions/tokens/access-token.ts';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';
import { publicKeySet } from '../../functions/tokens/signing-key-set.ts';

export interface Given {
  readonly name: string;
  readonly token: string;
  readonly isGood: boolean;
}

/** The key that signs, as Doorcode draws it, and the set that the issuer publishes. */
interface Keys {
  readonly drawn: Awaited<ReturnType<typeof generateSigningKey>>;
  readonly jwks: string;
}

type Json = Readonly<Record<string, unknown>>;

/** What the recipes expect. */
const audience = 'my-app';

const encoded = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');

/** A token of these parts, signed as the header says or by `by`. */
function signed(header: Json, payload: Json, by: (input: string) => Buffer): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${by(input).toString('base64url')}`;
}

const rsa =
  (key: KeyObject, hash = 'sha256') =>
  (input: string) =>
    sign(hash, Buffer.from(input), key);
const pss = (key: KeyObject) => (input: string) =>
  sign('sha256', Buffer.from(input), { key, padding: 6, saltLength: 32 });
const hmac = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest();
const nothing = (): Buffer => Buffer.alloc(0);

/** A token of Doorcode's signer, of a win at `verifiedAt`. */
async function issue(
  key: Keys['drawn'],
  { issuer, verifiedAt, purpose }: { issuer: string; verifiedAt: number; purpose: string },
): Promise<string> {
  const settings = parseSettings({
    appName: 'Acme',
    audience,
    smsTemplates: {
      'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
      payment: { default: '11111111-1111-4111-8111-111111111111' },
    },
  });
  const content = {
    phoneNumber: v.parse(phoneNumberSchema, '+919876543210'),
    purpose,
    tokenId: 'token-id',
    verifiedAt,
    caller: {},
    isTest: false,
  };
  const identity = deriveIdentityKeys('i'.repeat(64));
  return (await signAccessToken(await importSigner(key), content, { settings, issuer, identity })).jwt;
}

/** Draws a key. */
export async function drawKeys(): Promise<Keys> {
  const drawn = await generateSigningKey();
  return { drawn, jwks: JSON.stringify(publicKeySet({ keys: [{ ...drawn, activeFrom: 0 }] })) };
}

/** Makes the tokens of this minute, for an issuer at this address. */
export async function makeTokens({ drawn }: Keys, issuer: string): Promise<readonly Given[]> {
  const foreignUrl = `${issuer}/theirs`;
  const now = Math.floor(Date.now() / 1000);
  const ours = createPrivateKey({ key: drawn.jwk, format: 'jwk' });
  const publicPem = createPublicKey(ours).export({ type: 'spki', format: 'pem' });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const otherJwk = { ...other.publicKey.export({ format: 'jwk' }), kid: 'theirs', alg: 'RS256', use: 'sig' };
  const good = await issue(drawn, { issuer, verifiedAt: now, purpose: 'sign-in' });
  const lifetime = claimsOf(good)['exp'] - now;
  const header = { alg: 'RS256', kid: drawn.kid, typ: 'at+jwt' };
  const claims: Json = claimsOf(good);
  const { alg: _, ...withoutAlg } = header;
  const { kid: __, ...withoutKid } = header;
  const { typ: ___, ...withoutTyp } = header;
  const without = (name: string): Json =>
    Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const [h = '', p = '', s = ''] = good.split('.');
  const payment = await issue(drawn, { issuer, verifiedAt: now, purpose: 'payment' });
  const byUs = (changed: Json): string => signed(header, { ...claims, ...changed }, rsa(ours));
  const flipped = Buffer.from(s, 'base64url');
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  const forged: Readonly<Record<string, string>> = {
    'alg none': signed({ ...header, alg: 'none' }, claims, nothing),
    'alg NONE': signed({ ...header, alg: 'NONE' }, claims, nothing),
    'alg nOnE with a signature': signed({ ...header, alg: 'nOnE' }, claims, rsa(ours)),
    'no alg': signed(withoutAlg, claims, rsa(ours)),
    'HS256 with the public key in PEM': signed({ ...header, alg: 'HS256' }, claims, hmac(publicPem)),
    'HS256 with the modulus': signed(
      { ...header, alg: 'HS256' },
      claims,
      hmac(Buffer.from(drawn.jwk.n, 'base64url')),
    ),
    'HS256 with an empty secret': signed({ ...header, alg: 'HS256' }, claims, hmac('')),
    'RS384 by the right key': signed({ ...header, alg: 'RS384' }, claims, rsa(ours, 'sha384')),
    'RS512 by the right key': signed({ ...header, alg: 'RS512' }, claims, rsa(ours, 'sha512')),
    'PS256 by the right key': signed({ ...header, alg: 'PS256' }, claims, pss(ours)),
    'ES256 by another key': signed({ ...header, alg: 'ES256' }, claims, (input) =>
      sign('sha256', Buffer.from(input), { key: curve.privateKey, dsaEncoding: 'ieee-p1363' }),
    ),
    'another key under the right kid': signed(header, claims, rsa(other.privateKey)),
    'another key, without a kid': signed(withoutKid, claims, rsa(other.privateKey)),
    'another key in jwk': signed({ ...header, jwk: otherJwk }, claims, rsa(other.privateKey)),
    'another key in jwk, with its kid': signed(
      { ...header, kid: 'theirs', jwk: otherJwk },
      claims,
      rsa(other.privateKey),
    ),
    'another key by jku': signed(
      { ...header, kid: 'theirs', jku: foreignUrl },
      claims,
      rsa(other.privateKey),
    ),
    'another key by x5u': signed({ ...header, x5u: foreignUrl }, claims, rsa(other.privateKey)),
    'another key by x5c': signed({ ...header, x5c: ['MIIB'] }, claims, rsa(other.privateKey)),
    'an unknown kid': signed({ ...header, kid: 'unknown' }, claims, rsa(ours)),
    'a kid that is a path': signed({ ...header, kid: '../../dev/null' }, claims, hmac('')),
    'an empty kid': signed({ ...header, kid: '' }, claims, rsa(other.privateKey)),
    'an extension that is critical': signed(
      { ...header, crit: ['exp-2'], 'exp-2': 1 },
      claims,
      rsa(other.privateKey),
    ),
    'no signature': `${h}.${p}.`,
    'half a signature': `${h}.${p}.${s.slice(0, s.length / 2)}`,
    'one bit of the signature': `${h}.${p}.${flipped.toString('base64url')}`,
    'the signature of another token': `${h}.${p}.${payment.split('.')[2]}`,
    'another payload': `${h}.${encoded({ ...claims, sub: 'somebody' })}.${s}`,
    'another header': `${encoded({ ...header, extra: 1 })}.${p}.${s}`,
    'a fourth part': `${good}.${s}`,
    'two parts': `${h}.${p}`,
    'typ JWT': signed({ ...header, typ: 'JWT' }, claims, rsa(ours)),
    'no typ': signed(withoutTyp, claims, rsa(ours)),
    'typ of a logout token': signed({ ...header, typ: 'logout+jwt' }, claims, rsa(ours)),
    'another issuer': byUs({ iss: 'https://login.example.com' }),
    'the issuer with a slash': byUs({ iss: `${issuer}/` }),
    'no issuer': signed(header, without('iss'), rsa(ours)),
    'another audience': byUs({ aud: 'your-app' }),
    'the beginning of the audience': byUs({ aud: 'my-ap' }),
    'audiences without ours': byUs({ aud: ['your-app', 'her-app'] }),
    'no audience': signed(header, without('aud'), rsa(ours)),
    'ended 90 s ago': byUs({ exp: now - 90, iat: now - 90 - lifetime }),
    'no end': signed(header, without('exp'), rsa(ours)),
    'not before 90 s from now': byUs({ nbf: now + 90 }),
    'another purpose': payment,
    'a purpose that begins like ours': byUs({ scope: 'sign-in-admin' }),
    'no purpose': signed(header, without('scope'), rsa(ours)),
  };
  const given = (isGood: boolean, list: Readonly<Record<string, string>>): readonly Given[] =>
    Object.entries(list).map(([name, token]) => ({ name, token, isGood }));
  return [
    ...given(true, {
      'a good one': good,
      'by a clock 30 s ahead of the verifier’s': await issue(drawn, {
        issuer,
        verifiedAt: now + 30,
        purpose: 'sign-in',
      }),
      'ended 30 s ago by the verifier’s clock': await issue(drawn, {
        issuer,
        verifiedAt: now - lifetime - 30,
        purpose: 'sign-in',
      }),
    }),
    ...given(false, forged),
  ];
}

const claimsSchema = v.looseObject({ exp: v.number() });

function claimsOf(token: string): v.InferOutput<typeof claimsSchema> {
  return v.parse(claimsSchema, JSON.parse(`${Buffer.from(token.split('.')[1] ?? '', 'base64url')}`));
}
