/**
 * One call: sent, tried again while no answer of ours comes, and read as far as every answer is alike. Each try has the
 * same idempotency key, so a lost answer costs no second SMS and no second code.
 */
import type { DoorcodeOptions } from './options.ts';
import { refuseKeys } from './options.ts';
import { parseRecord, type Record } from './record.ts';
import type { Refusal } from './results.ts';

/** An answer of ours: JSON, a success or a problem document. */
export interface Answer {
  readonly tag: 'answer';
  readonly status: number;
  readonly body: Record;
  readonly reference: string | undefined;
}

type NoAnswer = Extract<Refusal, { readonly tag: 'offline' | 'timeout' | 'captive-portal' | 'busy' }>;

interface Outgoing {
  readonly url: string;
  readonly headers: { [name: string]: string };
  readonly body: string;
}

/** The pauses before the second try and the later ones, in milliseconds. */
const pausesMs = [400, 1200];

/** Sends until an answer of ours comes or the tries are used up. */
export async function exchange(outgoing: Outgoing, options: DoorcodeOptions): Promise<Answer | NoAnswer> {
  const { tries = 3, sleep = wait, headers } = options;
  const more = (await headers?.()) ?? {};
  refuseKeys(more);
  const sent = { ...outgoing, headers: { ...more, ...outgoing.headers } };
  for (let tried = 1; ; tried += 1) {
    const result = await once(sent, options);
    if (result.tag === 'answer' || result.tag === 'captive-portal' || tried >= tries) return result;
    await sleep(pausesMs[Math.min(tried, pausesMs.length) - 1] ?? 0);
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function once(
  { url, headers, body }: Outgoing,
  { timeoutMs = 10_000, fetch = globalThis.fetch }: DoorcodeOptions,
): Promise<Answer | NoAnswer> {
  const controller = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, timeoutMs);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: controller.signal });
    const text = await response.text();
    const reference = response.headers.get('apigw-requestid') ?? undefined;
    return read(response.status, text, reference);
  } catch {
    return { tag: isLate ? 'timeout' : 'offline' };
  } finally {
    clearTimeout(timer);
  }
}

/** A page in place of an answer is somebody's log-in to a network, or the error page of something in front of us. */
function read(status: number, text: string, reference: string | undefined): Answer | NoAnswer {
  const body = parseRecord(text);
  if (body === undefined)
    return { tag: status >= 500 && status !== 511 ? 'busy' : 'captive-portal', reference };
  const isOurs = status < 300 || typeof body['type'] === 'string';
  return isOurs ? { tag: 'answer', status, body, reference } : { tag: 'busy', reference };
}
