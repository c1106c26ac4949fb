/** Client options whose parts misbehave: every part, in every way. */
import type { DoorcodeOptions } from '../../clients/typescript/src/index.ts';

export const misbehaviours = ['throws', 'rejects', 'hangs', 'answers at once'] as const;

export type Misbehaviour = (typeof misbehaviours)[number];

export const misbehavingParts = ['headers', 'storage', 'fetch', 'sleep', 'now', 'timeOfDay'] as const;

type Part = (typeof misbehavingParts)[number];

/** A function that does one of them; what it answers at once, without a promise, is `value`. */
// biome-ignore lint/suspicious/noExplicitAny: it stands in for functions of every type.
export function misbehaving(misbehaviour: Misbehaviour, value: unknown): (...given: any[]) => any {
  switch (misbehaviour) {
    case 'throws':
      return () => {
        throw new Error('handed in, and thrown');
      };
    case 'rejects':
      return () => Promise.reject(new Error('handed in, and rejected'));
    case 'hangs':
      return () => new Promise(() => undefined);
    case 'answers at once':
      return () => value;
  }
}

interface PlainCall {
  readonly url: string;
  readonly headers: Headers;
}

export interface PlainServer {
  readonly fetch: NonNullable<DoorcodeOptions['fetch']>;
  readonly calls: PlainCall[];
  /** The options with one part that misbehaves. */
  options(part: Part, misbehaviour: Misbehaviour): Partial<DoorcodeOptions>;
}

const sent = { expiresInSeconds: 300, resendAfterSeconds: 30, codeLength: 6, delivery: 'accepted' };

/** A server in this process that sends every code and accepts every code. */
export function openPlainServer(): PlainServer {
  const calls: PlainCall[] = [];
  const answer = (url: string): Response =>
    url.endsWith('/auth/request-otp')
      ? Response.json({ requestId: `r${calls.length}`, ...sent }, { status: 202 })
      : Response.json({ accessToken: 'token', tokenType: 'Bearer', expiresInSeconds: 3600 });
  const fetch: PlainServer['fetch'] = async (url, init) => {
    calls.push({ url, headers: new Headers(init.headers) });
    return answer(url);
  };
  return {
    calls,
    fetch,
    options: (part, misbehaviour) => {
      const empty = misbehaving(misbehaviour, undefined);
      // A clock gives a number and not a promise, so nobody would catch a rejection.
      const clock = misbehaving(misbehaviour === 'rejects' ? 'throws' : misbehaviour, undefined);
      switch (part) {
        case 'headers':
          return { fetch, headers: misbehaving(misbehaviour, { 'x-app': '1' }) };
        case 'storage':
          return { fetch, storage: { read: empty, write: empty } };
        case 'fetch':
          return {
            fetch: misbehaving(misbehaviour, {
              status: 200,
              headers: { get: () => null },
              text: () => '{}',
            }),
          };
        case 'sleep':
          return { fetch: () => Promise.reject(new TypeError('offline')), sleep: empty };
        case 'now':
          return { fetch, now: clock };
        case 'timeOfDay':
          return { fetch, timeOfDay: clock };
      }
    },
  };
}
