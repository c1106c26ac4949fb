/**
 * base64url (RFC 4648, section 5; RFC 7515, section 2) in its canonical form: no padding, no whitespace, no characters of
 * plain base64, and no stray bits at the end. Node's decoder accepts all of those, so it gives the same bytes for many texts.
 */
import * as v from 'valibot';

/** The bytes of `text`; undefined for an empty text and for any other spelling of those bytes. */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined;
}

/** The schema of a text that {@link decodeBase64url} takes. */
export const base64urlSchema = v.pipe(
  v.string(),
  v.check((text) => decodeBase64url(text) !== undefined),
);
