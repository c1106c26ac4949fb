/**
 * Sends one SMS if the breaker allows it, and tries another key when the provider refuses one. A call with a refused key has
 * certainly sent no SMS, so the sender sends the same code again, under the same idempotency key. After an unclear answer
 * it tries no other key.
 *
 * It tries at most three keys within the request's time: the one in use, the one that Secrets Manager has now, and the one
 * before that. If too little time is left for another try, it answers with the refusal.
 */
import type { SendOutcome, Sent } from '../otp/send-outcome.ts';
import { type CodeMessage, smsOf } from '../otp/sms.ts';
import { countKey, type Decision, report } from '../runtime/report.ts';
import { maxKeyTries, minKeyTryMs } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import type { ProviderBreaker, ProviderMark, SendKind } from './breaker.ts';
import type { KeyRing, OfferedKey } from './key-ring.ts';
import { type Provider, sendSms } from './startmessaging.ts';

/** The parts that a worker sends with. */
export interface Sending {
  readonly settings: Settings;
  readonly provider: Provider;
  readonly breaker: ProviderBreaker;
  readonly keyRing: Pick<KeyRing, 'another' | 'refused' | 'accepted'>;
}

/** The parts of one request that a send needs. */
export interface SendingRequest {
  readonly mark: ProviderMark;
  /** The key that was valid when the request began. */
  readonly first: OfferedKey;
  readonly signal: AbortSignal;
  /** Milliseconds left for sending. */
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
    send: async (message) => {
      const sms = smsOf(settings, message);
      const send = async (key: string): Promise<Sent> => {
        const startedAtMs = performance.now();
        const outcome = await sendSms(provider, { sms, key, timeoutMs: request.remainingMs() });
        return { ...outcome, latencyMs: performance.now() - startedAtMs };
      };
      const kind = breaker.claim();
      const { outcome, events } = await sendWithKeys(keyRing, { ...request, kind, send });
      for (const event of events) tellKey(event);
      const state = await breaker.report(mark, kind, outcome);
      if (state === 'paused') tell('request-otp.provider-breaker');
      return outcome;
    },
  };
}

/** An event of a key. */
export type KeyEvent =
  /** A read failed, while another key serves. */
  | { readonly tag: 'unreadable'; readonly reason: string }
  /** `used`: not refused. `outdated`: refused, but a newer key has replaced it. `rejected`: refused, and there is no newer one. */
  | { readonly tag: 'used' | 'outdated' | 'rejected'; readonly key: OfferedKey };

interface KeyedSend extends Pick<SendingRequest, 'first' | 'signal' | 'remainingMs'> {
  /** A probe tries another key only if it is newer, because the new key may end the fault. */
  readonly kind: SendKind;
  /** Sends the SMS; each call sends the same. */
  readonly send: (key: string) => Promise<Sent>;
}

/** Sends with `first`, and tries other keys while the provider refuses the key. */
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

/** Turns the reasons of failed reads into events. */
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
