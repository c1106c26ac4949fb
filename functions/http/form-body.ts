/**
 * From bytes to the parameters of an OAuth request (RFC 6749, section 3.2 and appendix B): a form in the body, and nothing of
 * the URL. API Gateway hands a form over in base64, which `gateway-request.ts` decodes.
 *
 * It ignores parameters that it does not know and treats empty ones as absent, as the RFC says. It refuses a known
 * parameter that comes twice, another media type or charset, and what is not UTF-8 or not percent-encoded properly: two
 * readers might read such a form as two things.
 */
import { decodeUtf8 } from '../runtime/utf8.ts';
import { maxBodyBytes } from '../settings/fixed-numbers.ts';
import type { GatewayRequest } from './gateway-request.ts';

/** The parameters, or what is wrong with the form. No description repeats a value. */
export type ParsedForm<Name extends string> =
  | { readonly tag: 'form'; readonly form: Partial<Readonly<Record<Name, string>>> }
  | { readonly tag: 'too-large' }
  | { readonly tag: 'invalid'; readonly description: string };

/** With or without the one charset that a form can have (WHATWG URL, section 5). */
const mediaType =
  /^application\/x-www-form-urlencoded[ \t]*(;[ \t]*(charset[ \t]*=[ \t]*("utf-8"|utf-8)[ \t]*)?)?$/i;

/** Reads the parameters `names` of the form in `request`. */
export function parseForm<Name extends string>(
  { body, contentType }: Pick<GatewayRequest, 'body' | 'contentType'>,
  names: readonly Name[],
): ParsedForm<Name> {
  if (body.length > maxBodyBytes) return { tag: 'too-large' };
  if (contentType === undefined || !mediaType.test(contentType)) {
    return invalid('Send a form in UTF-8, with Content-Type: application/x-www-form-urlencoded.');
  }
  const pairs = decodeForm(body);
  if (pairs === undefined) return invalid('The form is not UTF-8, or not percent-encoded properly.');
  const known = pairs.filter(([name, value]) => value !== '' && names.some((each) => each === name));
  const twice = names.find((name) => known.filter(([each]) => each === name).length > 1);
  if (twice !== undefined) return invalid(`The parameter ${twice} comes more than once.`);
  return { tag: 'form', form: Object.fromEntries(known) as Partial<Record<Name, string>> };
}

function invalid(description: string): { readonly tag: 'invalid'; readonly description: string } {
  return { tag: 'invalid', description };
}

function decodeForm(bytes: Uint8Array): readonly (readonly [string, string])[] | undefined {
  try {
    return decodeUtf8(bytes)
      .split('&')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at < 0
          ? [decodeFormText(pair), '']
          : [decodeFormText(pair.slice(0, at)), decodeFormText(pair.slice(at + 1))];
      });
  } catch {
    return undefined;
  }
}

/** One name or value of a form. Throws for a malformed percent-encoding, and for one that is not UTF-8. */
export function decodeFormText(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
