/**
 * The settings that trust tokens of other issuers: the adopter's own sessions, and app attestations. Both are off until
 * they are set.
 */
import * as v from 'valibot';
import { foreignIssuerSchema } from './foreign-issuer-settings.ts';

const purpose = v.pipe(v.string(), v.minLength(1));

const app = v.pipe(
  v.strictObject({
    /** `sub` of the app's attestations: with Firebase its App ID. */
    appIds: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(255))), v.maxLength(10)),
      [],
    ),
    mode: v.picklist(['off', 'observe', 'require'], 'expected "off", "observe" or "require"'),
  }),
  v.forward(
    v.check(
      ({ appIds, mode }) => mode === 'off' || appIds.length > 0,
      'expected the ids of the app: an unknown app cannot be attested',
    ),
    ['appIds'],
  ),
);

export const foreignEntries = {
  /**
   * Your own sessions. For the `purposes` named, request-otp and verify-otp need a bearer token of this issuer. The
   * code then works only with the same `sub`, and the token carries it as `sub_id`, with the `context` of what is approved.
   * Unset, no purpose needs a session.
   */
  session: v.optional(
    v.strictObject({
      ...foreignIssuerSchema.entries,
      purposes: v.pipe(v.array(purpose), v.minLength(1, 'expected at least one purpose'), v.readonly()),
    }),
  ),
  /**
   * App attestations (Firebase App Check, for instance): per platform the ids of your apps and a mode, `off`, `observe` or
   * `require`. Unset, the functions ignore attestations.
   */
  attestation: v.optional(
    v.strictObject({
      ...foreignIssuerSchema.entries,
      headerName: v.optional(
        v.pipe(
          v.string(),
          // Every JavaScript object inherits these two names, so a look-up of the header would always find them.
          v.regex(
            /^(?!(?:constructor|prototype)$)[a-z][a-z0-9-]{0,63}$/,
            'expected the name of a header, in lower case',
          ),
        ),
        'x-firebase-appcheck',
      ),
      apps: v.pipe(
        v.strictObject({ android: v.optional(app), ios: v.optional(app), web: v.optional(app) }),
        v.check((apps) => Object.keys(apps).length > 0, 'expected at least one of android, ios and web'),
      ),
    }),
  ),
};
