/**
 * Sends one SMS: past the breaker, with another key where the provider refuses one. A refused key is certain to have sent
 * no SMS, so the same code goes out again, under the same idempotency key; anything unclear is the outcome, and no other
 * key is tried.
 *
 * At most three keys, inside the request's time limit: the one in use, the one that Secrets Manager has now, and the
 * one before it. With too little time left for another try, the refusal is the answer.
 */
import type { SendOutcome, Sent } from '../otp/send-outcome.ts';
import { type CodeMessage, smsOf } from '../otp/sms.ts';
import { countKey, type Decision, report } from '../runtime/report.ts';
import { maxKeyTries, minKeyTryMs } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import type { ProviderBreaker, ProviderMark, SendKind } from './breaker.ts';
import type { KeyRing, OfferedKey } from './key-ring.ts';
import { type Provider, sendSms } from './startmessaging.ts';

/** What a worker sends with. */
export interface Sending {
  readonly settings: Settings;
  readonly provider: Provider;
  readonly breaker: ProviderBreaker;
  readonly keyRing: Pick<KeyRing, 'another' | 'refused' | 'accepted'>;
}

/** One request, as far as it sends. */
export interface SendingRequest {
  readonly mark: ProviderMark;
  /** The key that was valid when the request began. */
  readonly first: OfferedKey;
  readonly signal: AbortSignal;
  /** What is left of the time for sending. */
  readonly remainingMs: () => number;
  /** Writes a line to the log, of this request. */
  readonly tell: (code: 'request-otp.provider-breaker') => void;
  /** Reports an event of a key. */
  readonly tellKey: (event: KeyEvent) => void;
}

/** How one request sends. */
export interface Sender {
  /** Seconds for which this worker sends nothing, because the provider failed too often; 0 when it sends. */
  pausedSeconds(): Promise<number>;
  send(message: CodeMessage): Promise<Sent>;
}

/** The sender of one request. */
export function openSender(sending: Sending, { mark, tell, tellKey, ...request }: SendingRequest): Sender {
  const { settings, provider, breaker, keyRing } = sending;
  return {
    pausedSeconds: () => breaker.pausedSeconds(mark),
    send: (message) => {
      const sms = smsOf(settings, message);
      const sendTimed = async (key: string): Promise<Sent> => {
        const startedAtMs = performance.now();
        const outcome = await sendSms(provider, { sms, key, timeoutMs: request.remainingMs() });
        return { ...outcome, latencyMs: performance.now() - startedAtMs };
      };
      const sendOf = async (kind: SendKind): Promise<Sent> => {
        const { outcome, events } = await sendWithKeys(keyRing, { ...request, kind, send: sendTimed });
        for (const event of events) tellKey(event);
        return outcome;
      };
      return breaker.run(mark, sendOf, () => tell('request-otp.provider-breaker'));
    },
  };
}

/** An event of a key. */
export type KeyEvent =
  /** A read failed, while another key serves. */
  | { readonly tag: 'unreadable'; readonly reason: string }
  /** The provider did not refuse it; or it did, and a newer one had replaced it, or there is no newer one. */
  | { readonly tag: 'used' | 'outdated' | 'rejected'; readonly key: OfferedKey };

interface KeyedSend extends Pick<SendingRequest, 'first' | 'signal' | 'remainingMs'> {
  /** A probe tries another key only when it is a newer one: a key that replaced the refused one may be the cure. */
  readonly kind: SendKind;
  /** Hands the SMS over, the same at each call. */
  readonly send: (key: string) => Promise<Sent>;
}

/** Sends with `first`, and with others while the provider refuses the key. */
export async function sendWithKeys(
  keyRing: Sending['keyRing'],
  { first, kind, signal, send, remainingMs }: KeyedSend,
): Promise<{ readonly outcome: Sent; readonly events: readonly KeyEvent[] }> {
  const events: KeyEvent[] = [];
  let key = first;
  for (let tries = 1; ; tries += 1) {
    const outcome = await send(key.key);
    if (!isRefused(outcome, 'key')) {
      if (outcome.tag === 'accepted') keyRing.accepted(key.versionId);
      if (!isRefused(outcome, 'unreachable')) events.push({ tag: 'used', key });
      return { outcome, events };
    }
    keyRing.refused(key.versionId);
    const isLast = tries === maxKeyTries;
    const { key: next, unreadable } = isLast
      ? nothing
      : await keyRing.another(signal, remainingMs() - minKeyTryMs);
    events.push(...unreadableEvents(unreadable));
    events.push({ tag: next?.label === 'current' ? 'outdated' : 'rejected', key });
    const mayTry = next !== undefined && (kind === 'ordinary' || next.label === 'current');
    if (!mayTry || remainingMs() < minKeyTryMs) return { outcome, events };
    key = next;
  }
}

const nothing = { key: undefined, unreadable: [] } as const;

function isRefused(outcome: SendOutcome, cause: 'key' | 'unreachable'): boolean {
  return outcome.tag === 'refused' && outcome.cause === cause;
}

/** Reads that failed, as events. */
export function unreadableEvents(reasons: readonly string[]): readonly KeyEvent[] {
  return reasons.map((reason) => ({ tag: 'unreadable', reason }));
}

const refusedCodes = { outdated: 'request-otp.key-outdated', rejected: 'request-otp.key-rejected' } as const;

/**
 * Reports an event of a key to the log and the metrics, by the id of its version, never by the key itself. `dependency` is
 * the variable that names the secret. A refused outdated key is normal in a rotation. A refused key that should work needs
 * a person.
 */
export function reportKey(of: Pick<Decision, 'requestId' | 'dependency'>, event: KeyEvent): void {
  if (event.tag === 'unreadable') {
    report({ ...of, code: 'request-otp.key-unreadable', reason: event.reason });
    return;
  }
  const { versionId, label } = event.key;
  countKey(event.tag === 'used' ? 'provider-key.used' : 'provider-key.rejected', versionId);
  if (event.tag === 'used') return;
  report({ ...of, code: refusedCodes[event.tag], reason: label, versionId });
}
