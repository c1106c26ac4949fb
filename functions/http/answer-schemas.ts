/**
 * The bodies of our successes, as schemas. `openapi.json` publishes them, and tests check real answers against them. No
 * function loads this file.
 */
import * as v from 'valibot';
import { requestIdSchema } from '../otp/request-id.ts';
import { referencePattern } from '../runtime/support-reference.ts';
import { defaultPurpose } from '../settings/sms-settings.ts';
import { oauthErrors } from './oauth-error.ts';

const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The text that a user reads out to support. Every answer of ours has it. */
export const supportReferenceSchema = v.pipe(
  v.string(),
  v.regex(referencePattern),
  v.description('Eight characters that a user can read out. Show them wherever something did not work.'),
);

/** A token that stands for a known device: the same alphabet and shape as a requestId. */
const deviceTokenSchema = requestIdSchema;

/** A refresh token, in its one spelling. */
export const refreshTokenSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{96}$/));

/** 202 of request-otp. */
export const requestOtpAcceptedSchema = v.strictObject({
  requestId: requestIdSchema,
  expiresInSeconds: v.pipe(seconds, v.description('How long the code lives.')),
  resendAfterSeconds: v.pipe(seconds, v.description('When another SMS may be asked for.')),
  codeLength: v.pipe(v.number(), v.integer(), v.description('Digits of the code: how many boxes to draw.')),
  delivery: v.pipe(
    v.picklist(['accepted', 'unconfirmed']),
    v.description('`unconfirmed`: the provider never answered. The SMS may come, and its code works.'),
  ),
  supportReference: supportReferenceSchema,
});

/** 200 of verify-otp (RFC 6749, section 5.1, in camelCase). */
export const verifiedSchema = v.strictObject({
  accessToken: v.pipe(v.string(), v.description('A JWT in the profile of RFC 9068, signed with RS256.')),
  tokenType: v.literal('Bearer'),
  expiresInSeconds: seconds,
  deviceToken: v.pipe(
    v.optional(deviceTokenSchema),
    v.description('Where this sign-in made a device known: keep it, and send it as `Doorcode-Device`.'),
  ),
  refreshToken: v.pipe(
    v.optional(v.nullable(refreshTokenSchema)),
    v.description(
      'Where the app asked for a session and got one: send it to POST /auth/token. `null`: it should have got one. Ask again with the same Idempotency-Key.',
    ),
  ),
  sessionExpiresInSeconds: v.pipe(
    v.optional(seconds),
    v.description('How long the session lives if nobody refreshes it.'),
  ),
  otherSessions: v.pipe(v.optional(seconds), v.description('How many other sessions the number has.')),
  supportReference: supportReferenceSchema,
});

/** 200 of token (RFC 6749, section 5.1). */
export const refreshedSchema = v.strictObject({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  expires_in: v.pipe(
    seconds,
    v.description('0: the answer was given before, and its access token is over. Refresh again.'),
  ),
  refresh_token: refreshTokenSchema,
  scope: v.literal(defaultPurpose),
  supportReference: supportReferenceSchema,
});

/** 400 of token and revoke (RFC 6749, section 5.2; RFC 7009, section 2.2.1), and of sessions for a refused token. */
export const oauthErrorSchema = v.strictObject({
  error: v.picklist(oauthErrors),
  error_description: v.string(),
  supportReference: supportReferenceSchema,
});

const day = v.pipe(v.string(), v.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/), v.description('A day, UTC.'));

/** A session in the list. */
export const sessionSchema = v.strictObject({
  id: v.pipe(v.string(), v.description('Names it in `end`; `sid` of its access tokens.')),
  label: v.pipe(
    v.string(),
    v.description('As the app named the device, without blanks at its ends; empty where it did not.'),
  ),
  begun: day,
  lastUsed: day,
  current: v.pipe(v.boolean(), v.description('Whether it is the session that asks.')),
});

/** 200 of sessions. */
export const sessionsSchema = v.strictObject({
  sessions: v.array(sessionSchema),
  supportReference: supportReferenceSchema,
});

/** The discovery document (OpenID Connect Discovery 1.0, section 3). */
export const discoverySchema = v.strictObject({
  issuer: v.string(),
  jwks_uri: v.string(),
  subject_types_supported: v.array(v.string()),
  id_token_signing_alg_values_supported: v.array(v.string()),
  token_endpoint: v.optional(v.string()),
  revocation_endpoint: v.optional(v.string()),
  grant_types_supported: v.optional(v.array(v.literal('refresh_token'))),
  token_endpoint_auth_methods_supported: v.optional(v.array(v.literal('none'))),
  revocation_endpoint_auth_methods_supported: v.optional(v.array(v.literal('none'))),
});

/** The metadata of the authorization server (RFC 8414, section 2), which a deployment with sessions has. */
export const serverMetadataSchema = v.strictObject({
  issuer: v.string(),
  jwks_uri: v.string(),
  token_endpoint: v.string(),
  revocation_endpoint: v.string(),
  grant_types_supported: v.array(v.literal('refresh_token')),
  token_endpoint_auth_methods_supported: v.array(v.literal('none')),
  revocation_endpoint_auth_methods_supported: v.array(v.literal('none')),
});

/** A public key (RFC 7517, section 4; RFC 7518, section 6.3.1). */
export const jwkSchema = v.strictObject({
  kty: v.literal('RSA'),
  use: v.literal('sig'),
  alg: v.literal('RS256'),
  kid: v.string(),
  n: v.string(),
  e: v.string(),
});

/** The public keys (RFC 7517, section 5). */
export const jwksSchema = v.strictObject({ keys: v.array(jwkSchema) });

/** An answer of the gateway itself, which is no problem document. */
export const gatewayMessageSchema = v.strictObject({ message: v.string() });
