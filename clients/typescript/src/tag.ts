/**
 * A language as phones name it, cut down to what the server takes: language, script and region (BCP 47). The rest, such
 * as the digits of `en-IN-u-nu-deva`, chooses no text. An invalid tag is omitted, so that a language never stops a sign-in.
 */
export function tagIn(locale: string | undefined): string | undefined {
  return /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-\d{3})?\b/.exec(`${locale}`.replace(/_/g, '-'))?.[0];
}
