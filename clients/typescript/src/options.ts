/**
 * What the client is told. It needs no secret, so it refuses whatever looks like one: a key of the SMS provider in an
 * app is in everybody's hands.
 */
import type { DoorcodeStorage } from './storage.ts';

export interface DoorcodeOptions {
  /** Where the API is, such as `https://api.example.com`. Without TLS only on this machine or an emulator. */
  readonly baseUrl: string;
  /** Chooses among the texts that the deployment configures. */
  readonly platform?: 'android' | 'ios' | 'web' | undefined;
  /** Where token, device token and what is under way are kept; default: in memory. */
  readonly storage?: DoorcodeStorage | undefined;
  /** Further headers of each call, such as Authorization or an attestation, asked for each time. */
  readonly headers?: (() => Headers | Promise<Headers>) | undefined;
  /** How long one try may take; default 10,000. The server answers within 5,500. */
  readonly timeoutMs?: number | undefined;
  /** How often a call without an answer is tried in all, with the same key; default 3. */
  readonly tries?: number | undefined;
  readonly fetch?: Fetch | undefined;
  /** Milliseconds on a clock that nobody sets; default `performance.now`. Never the time of day. */
  readonly now?: (() => number) | undefined;
  /** Waits between two tries. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
}

type Headers = Readonly<Record<string, string>>;

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
  for (const [name, value] of Object.entries(values)) {
    if (providerKey.test(name) || (typeof value === 'string' && providerKey.test(value)))
      throw new TypeError(
        'Doorcode: this looks like a key of the SMS provider. It belongs on the server, never in an app.',
      );
  }
}

const plainHttp = /^http:\/\/(localhost|127\.[\d.]+|10\.0\.2\.2|\[::1\])(:\d+)?(\/|$)/;

/** The base without its trailing slash, or a TypeError that says what is wrong. */
export function checkedBaseUrl({ baseUrl, ...others }: DoorcodeOptions): string {
  refuseKeys({ baseUrl, ...others });
  if (!/^https:\/\/\S+$/.test(baseUrl) && !plainHttp.test(baseUrl))
    throw new TypeError('Doorcode: baseUrl must start with https:// (http:// on this machine only)');
  return baseUrl.replace(/\/+$/, '');
}
