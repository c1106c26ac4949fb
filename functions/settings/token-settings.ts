/** What a token says, and how long it works. */
import * as v from 'valibot';
import { wholeNumber } from '../limits/whole-number.ts';
import { exactRecord } from './exact-record.ts';
import { purposeSchema } from './sms-settings.ts';

const lifetimeSeconds = wholeNumber(60, 86_400);

export const tokenEntries = {
  /** `aud` and `client_id` of every token: what your APIs expect. */
  audience: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')),
  /**
   * How long an access token works that no session refreshes. It cannot be revoked. With a session it is
   * `sessions.accessTokenSeconds`.
   */
  tokenLifetimeSeconds: v.optional(lifetimeSeconds, 3600),
  /** Lifetimes for single purposes; the others have `tokenLifetimeSeconds`. A payment's approval should live for minutes only. */
  tokenLifetimeSecondsByPurpose: v.optional(
    exactRecord(purposeSchema, lifetimeSeconds, 'expected lifetimes by purpose'),
    {},
  ),
  /** Whether tokens carry `phone_number`. Without it your APIs know a user by `sub` alone. */
  phoneNumberClaim: v.optional(v.boolean(), true),
};
