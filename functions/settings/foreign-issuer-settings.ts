/**
 * A foreign issuer in the settings: its name, the audience of its tokens, and where its keys are. The schema refuses keys
 * over plain http, a URL with a password in it, and algorithms with a shared secret.
 */
import * as v from 'valibot';
import { foreignAlgorithms } from './foreign-algorithm.ts';
import { isTrustedUrl } from './trusted-url.ts';

const visibleAscii = (what: string) =>
  v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,255}$/, `expected ${what}: 1 to 255 visible ASCII characters`));

function isJwksUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return isTrustedUrl(url) && url.username === '' && url.password === '' && url.hash === '';
}

/** The schema of one foreign issuer. */
export const foreignIssuerSchema = v.pipe(
  v.strictObject({
    issuer: visibleAscii('the exact "iss" of the tokens'),
    audience: visibleAscii('the "aud" that the tokens must have'),
    jwksUrl: v.pipe(
      v.string(),
      v.maxLength(2048, 'expected at most 2048 characters'),
      v.regex(/^[\x21-\x7e]*$/, 'expected visible ASCII characters only'),
      v.check(
        isJwksUrl,
        'expected an https: URL without user, password and fragment (http: for 127.0.0.0/8 alone)',
      ),
    ),
    algorithms: v.pipe(
      v.array(v.picklist(foreignAlgorithms, `expected one of ${foreignAlgorithms.join(', ')}`)),
      v.minLength(1, 'expected at least one algorithm'),
      v.check((names) => new Set(names).size === names.length, 'expected each algorithm once'),
      v.readonly(),
    ),
    tokenType: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^[A-Za-z0-9!#$&^_.+/-]{1,127}$/, 'expected a media type such as "JWT" or "at+jwt"'),
      ),
    ),
  }),
  v.readonly(),
);
