/**
 * The bodies of our successes, as schemas: what `openapi.json` publishes and what tests hold real answers to. No
 * function loads this file; a bundle has no use for a schema of what it says itself.
 */
import * as v from 'valibot';
import { requestIdSchema } from '../otp/request-id.ts';
import { referencePattern } from '../runtime/support-reference.ts';

const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a user reads out to support; every answer of ours has it. */
export const supportReferenceSchema = v.pipe(
  v.string(),
  v.regex(referencePattern),
  v.description('Eight characters that a user can read out. Show them wherever something did not work.'),
);

/** A token that stands for a known device: the same alphabet and shape as a requestId. */
export const deviceTokenSchema = requestIdSchema;

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
  supportReference: supportReferenceSchema,
});

/** The discovery document (OpenID Connect Discovery 1.0, section 3). */
export const discoverySchema = v.strictObject({
  issuer: v.string(),
  jwks_uri: v.string(),
  subject_types_supported: v.array(v.string()),
  id_token_signing_alg_values_supported: v.array(v.string()),
});

/** The public keys (RFC 7517, section 5; RFC 7518, section 6.3.1). */
export const jwksSchema = v.strictObject({
  keys: v.array(
    v.strictObject({
      kty: v.literal('RSA'),
      use: v.literal('sig'),
      alg: v.literal('RS256'),
      kid: v.string(),
      n: v.string(),
      e: v.string(),
    }),
  ),
});

/** What the gateway in front of us says by itself: it is no problem document. */
export const gatewayMessageSchema = v.strictObject({ message: v.string() });
