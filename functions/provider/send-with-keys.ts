/**
 * One send, with another key where the provider refuses one. A refused key is certain to have sent no SMS, so the same
 * code goes out again, under the same idempotency key; anything unclear is the outcome, and no other key is tried.
 *
 * At most three keys, inside the request's time limit: the one in use, the one that Secrets Manager has now, and the
 * one before it. With too little time left for another try, the refusal is the answer.
 */

import type { SendOutcome } from '../otp/send-outcome.ts';
import { maxKeyTries, minKeyTryMs } from '../settings/fixed-numbers.ts';
import type { SendKind } from './breaker.ts';
import type { OfferedKey, ProviderKeys } from './provider-keys.ts';

interface KeyedSend {
  /** The key that was valid when the request began. */
  readonly first: OfferedKey;
  /** A probe tries another key only when it is a newer one: a key that replaced the refused one may be the cure. */
  readonly kind: SendKind;
  /** Hands the SMS over, the same at each call. */
  readonly send: (key: string) => Promise<SendOutcome>;
  /** What is left of the time for sending. */
  readonly remainingMs: () => number;
  /** Told of the key that the provider did not refuse, */
  readonly onUsed: (key: OfferedKey) => void;
  /** of one that it refused and that a newer one had replaced, */
  readonly onOutdated: (key: OfferedKey) => void;
  /** and of one that it refused although there is no newer one. */
  readonly onRejected: (key: OfferedKey) => void;
}

/** Sends with `first`, and with others while the provider refuses the key. */
export async function sendWithKeys(keys: ProviderKeys, options: KeyedSend): Promise<SendOutcome> {
  const { first, kind, send, remainingMs, onUsed, onOutdated, onRejected } = options;
  let key = first;
  for (let tries = 1; ; tries += 1) {
    const outcome = await send(key.key);
    if (!isRefused(outcome, 'key')) {
      if (outcome.tag === 'accepted') keys.accepted(key.versionId);
      if (!isRefused(outcome, 'unreachable')) onUsed(key);
      return outcome;
    }
    keys.refused(key.versionId);
    const next = tries < maxKeyTries ? await keys.next(remainingMs() - minKeyTryMs) : undefined;
    if (next?.label === 'current') onOutdated(key);
    else onRejected(key);
    const mayTry = next !== undefined && (kind === 'ordinary' || next.label === 'current');
    if (!mayTry || remainingMs() < minKeyTryMs) return outcome;
    key = next;
  }
}

function isRefused(outcome: SendOutcome, cause: 'key' | 'unreachable'): boolean {
  return outcome.tag === 'refused' && outcome.cause === cause;
}
