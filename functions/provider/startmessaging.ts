/**
 * The provider client: `POST /otp/send`, a check whether the provider accepts a key, and what became of an SMS. It retries
 * in one case only: a connection that never came up has carried nothing, so the client tries once more.
 * `otp/send-outcome.ts` and `message-status.ts` say what the answers mean.
 *
 * It follows no redirect. The key only goes to the configured host, and over TLS unless that host is this machine.
 */
import { randomUUID } from 'node:crypto';
import { type Exchange, readSendOutcome, type SendOutcome } from '../otp/send-outcome.ts';
import type { Sms } from '../otp/sms.ts';
import type { KeyTrial } from '../rotation/provider-key-rotation.ts';
import { exchange } from '../runtime/bounded-exchange.ts';
import { maxProviderAnswerBytes, providerDeadlineMs } from '../settings/fixed-numbers.ts';
import { isTrustedUrl } from '../settings/trusted-url.ts';
import { type MessageStatus, readMessageStatus } from './message-status.ts';

export interface Provider {
  /** `https://` and a host; `http://` for 127.0.0.0/8 alone. */
  readonly baseUrl: URL;
}

/** Reads the base URL of the provider; throws where the key would travel in the clear. */
export function connectProvider(baseUrl: string): Provider {
  const url = new URL(baseUrl);
  if (!isTrustedUrl(url)) throw new TypeError('expected an https: URL');
  return { baseUrl: url };
}

/** Hands one SMS to the provider. Never throws: what went wrong is the outcome. `timeoutMs` bounds it all. */
export async function sendSms(
  { baseUrl }: Provider,
  { sms, key, timeoutMs }: { sms: Sms; key: string; timeoutMs: number },
): Promise<SendOutcome> {
  const url = new URL('/otp/send', baseUrl);
  const endsAtMs = performance.now() + Math.min(timeoutMs, providerDeadlineMs);
  const remainingMs = (): number => Math.max(1, endsAtMs - performance.now());
  const asked = { method: 'POST', url, key, body: JSON.stringify(sms) } as const;
  const first = await call({ ...asked, deadlineMs: remainingMs() });
  const isRetryable = first.tag === 'unreachable' && remainingMs() > 1;
  return readSendOutcome(isRetryable ? await call({ ...asked, deadlineMs: remainingMs() }) : first);
}

/**
 * Asks whether the provider takes a key, by the status of a message that does not exist: no SMS is spent. 404, 403 and
 * 200 are answers to a good key, 401 to a bad one; anything else says nothing.
 */
export async function tryProviderKey({ baseUrl }: Provider, key: string): Promise<KeyTrial> {
  const url = new URL(`/messages/${randomUUID()}`, baseUrl);
  const answer = await call({ method: 'GET', url, key, deadlineMs: providerDeadlineMs });
  if (answer.tag !== 'answered') return 'no-answer';
  if (answer.status === 401) return 'refused';
  return [200, 403, 404].includes(answer.status) ? 'accepted' : 'no-answer';
}

/** Asks what became of an SMS. `messageId` is from the provider's own answer to the send. */
export async function askMessageStatus(
  { baseUrl }: Provider,
  {
    key,
    messageId,
    timeoutMs,
  }: { readonly key: string; readonly messageId: string; readonly timeoutMs: number },
): Promise<MessageStatus> {
  const url = new URL(`/messages/${encodeURIComponent(messageId)}`, baseUrl);
  return readMessageStatus(await call({ method: 'GET', url, key, deadlineMs: timeoutMs }), messageId);
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly key: string;
  readonly body?: string;
  readonly deadlineMs: number;
}

/** One call, and how far it came. An answer that was cut short by its deadline is none: the SMS may be on its way. */
async function call({ key, ...asked }: Call): Promise<Exchange> {
  const headers = {
    ...(asked.method === 'POST' && { 'Content-Type': 'application/json' }),
    Accept: 'application/json',
    'X-API-Key': key,
  };
  const ended = await exchange({ ...asked, headers, maxBytes: maxProviderAnswerBytes });
  if (ended.tag === 'unanswered') return { tag: ended.wasConnected ? 'no-answer' : 'unreachable' };
  const { status, body } = ended;
  if (body === 'timeout') return { tag: 'no-answer' };
  const text = typeof body === 'string' ? undefined : body.toString('utf8');
  return { tag: 'answered', status, body: text, retryAfter: ended.headers['retry-after'] };
}
