/**
 * The options of the client. It needs no secret, and refuses a value that looks like one, because anybody can read a
 * provider key out of an app.
 */
import type { DoorcodeStorage } from './storage.ts';

export interface DoorcodeOptions {
  /**
   * Where the API is, such as `https://api.example.com`. Without TLS only on this machine, an emulator or a private
   * network, for development.
   */
  readonly baseUrl: string;
  /** Chooses among the texts that the deployment configures. */
  readonly platform?: 'android' | 'ios' | 'web' | undefined;
  /** The storage for the token, the device tokens and open requests; default: in memory. */
  readonly storage?: DoorcodeStorage | undefined;
  /**
   * Further headers of each call, such as Authorization or an attestation. The client calls a function before each call,
   * with `timeoutMs` as its limit. It omits a header without a value and never lets one replace its own.
   */
  readonly headers?: Headers | (() => Headers | Promise<Headers>) | undefined;
  /** The time limit of one try; default 10,000. The server answers within 5,500. */
  readonly timeoutMs?: number | undefined;
  /** The number of tries of a call without an answer, all with the same key; default 3. */
  readonly tries?: number | undefined;
  readonly fetch?: Fetch | undefined;
  /** Milliseconds on a clock that nobody sets; default `performance.now`. It may stop while the phone sleeps. */
  readonly now?: (() => number) | undefined;
  /** The time of day in milliseconds; default the phone's. It ends waits that the other clock slept through. */
  readonly timeOfDay?: (() => number) | undefined;
  /** Waits between two tries. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** The part of `fetch` that is used. */
type Fetch = (
  url: string,
  init: { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

const providerKey = /\bsm_[a-z]+_\w|^x-api-key$/i;

/** Throws when a value looks like a provider's key, without repeating it. */
export function refuseKeys(values: Readonly<Record<string, unknown>>): void {
  for (const pair of Object.entries(values))
    if (pair.some((part) => typeof part === 'string' && providerKey.test(part)))
      throw new TypeError('Doorcode: this key belongs on the server');
}

/** A field name is a token, a value has no control characters (RFC 9110, sections 5.1 and 5.5). */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const headerValue = /^[\t -~\x80-\xff]*$/;

/** The adopter's headers in lower case, so that ours replace them; a TypeError for what no request can carry. */
export function ownHeaders(headers: Headers = {}): { [name: string]: string } {
  const own: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if ((value ?? '') === '') continue;
    if (!headerName.test(key) || typeof value !== 'string' || !headerValue.test(value))
      throw new TypeError(`Doorcode: not a header: ${key}`);
    own[key] = value;
  }
  return own;
}

/**
 * Everything with TLS; and without it this machine, an emulator's way to it, and the private networks (RFC 1918), where
 * a real phone finds a laptop.
 */
const allowedUrl =
  /^(https:\/\/\S+$|http:\/\/(localhost|\[::1\]|(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+)(:\d+)?(\/|$))/;

/** The base without its trailing slash, or a TypeError that says what is wrong with an option. */
export function checkedBaseUrl({ baseUrl, ...others }: DoorcodeOptions): string {
  const { headers } = others;
  refuseKeys({ baseUrl, ...others });
  if (typeof headers === 'object') refuseKeys(ownHeaders(headers));
  if (!allowedUrl.test(baseUrl)) throw new TypeError('Doorcode: baseUrl must be https:// or local');
  return baseUrl.replace(/\/+$/, '');
}
