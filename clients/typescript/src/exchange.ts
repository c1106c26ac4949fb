/**
 * Makes one call, retries while no answer of ours comes, and reads the parts that all answers share. Each try has the same
 * idempotency key, so a lost answer costs no second SMS and no second code.
 */
import { handedIn } from './handed-in.ts';
import { type DoorcodeOptions, ownHeaders, refuseKeys } from './options.ts';
import { parseRecord, type Record, textIn } from './record.ts';
import type { Unanswered } from './results.ts';

/** An answer of ours: JSON, a success or a problem document. */
export interface Answer {
  readonly tag: 'answer';
  readonly status: number;
  readonly body: Record;
  readonly reference: string | undefined;
}

interface Outgoing {
  readonly url: string;
  readonly headers: { [name: string]: string };
  readonly body: string;
}

const usualTimeoutMs = 10_000;

/** Failures that a retry may overcome. */
export const passing = /^(offline|timeout|busy)$/;

/** Sends until an answer of ours comes or the tries are used up. */
export async function exchange(outgoing: Outgoing, options: DoorcodeOptions): Promise<Answer | Unanswered> {
  const { tries = 3, sleep = wait, timeoutMs = usualTimeoutMs, headers } = options;
  const own = await handedIn(
    async () => ownHeaders(typeof headers === 'function' ? await headers() : headers),
    timeoutMs,
  );
  if (!own.ok) return { tag: 'headers-failed', error: own.error };
  refuseKeys(own.value);
  const sent = { ...outgoing, headers: { ...own.value, ...outgoing.headers } };
  for (let tried = 1; ; tried += 1) {
    const result = await once(sent, options);
    if (!passing.test(result.tag) || tried >= tries) return result;
    const pauseMs = 800 * tried - 400;
    await handedIn(() => sleep(pauseMs), 2 * pauseMs);
  }
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function once(
  { url, headers, body }: Outgoing,
  { timeoutMs = usualTimeoutMs, fetch = globalThis.fetch }: DoorcodeOptions,
): Promise<Answer | Unanswered> {
  const controller = new AbortController();
  const result = await handedIn(async () => {
    const response = await fetch(url, { method: 'POST', headers, body, signal: controller.signal });
    // The gateway's own answers have no support reference. Support takes this id as well.
    const reference = response.headers.get('apigw-requestid') ?? undefined;
    return read(response.status, await response.text(), reference);
  }, timeoutMs);
  if (result.ok) return result.value;
  controller.abort();
  return { tag: result.isLate ? 'timeout' : 'offline' };
}

/** Classifies an answer. Only a success in JSON and our own problem documents are ours. */
function read(status: number, text: string, reference: string | undefined): Answer | Unanswered {
  const body = parseRecord(text);
  const isOurs =
    body !== undefined &&
    (status < 300 ||
      textIn(body, 'type').startsWith('urn:doorcode:') ||
      // The one refusal of OAuth that means something to a client (RFC 6749, section 5.2).
      body['error'] === 'invalid_grant');
  if (isOurs)
    return { tag: 'answer', status, body, reference: textIn(body, 'supportReference') || reference };
  return { tag: standIn(status, /^\s*</.test(text)), status, reference };
}

/** Classifies an answer that is not ours. */
function standIn(status: number, isPage: boolean): 'captive-portal' | 'busy' | 'wrong-address' | 'blocked' {
  // A network's log-in page comes as a success, after a redirect, or with a status of its own (RFC 6585, section 6).
  if (status === 511 || (status < 400 && (isPage || status > 299))) return 'captive-portal';
  if ([404, 405, 410].includes(status)) return 'wrong-address';
  // A success without JSON was cut off on its way. 408, 425 and 429 ask for another try.
  if (status < 300 || status >= 500 || [408, 425, 429].includes(status)) return 'busy';
  return 'blocked';
}
