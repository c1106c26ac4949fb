/**
 * Which StartMessaging key to send with: the current one, unless it cannot be read or was just refused. Then the last
 * good one, which is remembered for a day, or the previous one. What does not look like a key is none.
 *
 * A refusal has the current key read out of turn, once for all who wait, and then not for a minute, unless the key that
 * it brought works: a rotation is noticed at once, and a provider that refuses everything causes no storm of reads.
 * With no better key left, a refused one is offered again: an error of the provider must not outlive itself by a minute.
 */
import { keyRefusedSeconds, secretRetrySeconds } from '../otp/policy.ts';
import { Unavailable } from '../otp/unavailable.ts';
import { cacheSecret } from './cached-secret.ts';
import { openPreviousKey } from './previous-key.ts';
import type { ProviderKey } from './secrets.ts';

/** How the keys are read; both throw `Unavailable`. */
export interface KeyReaders {
  readonly current: () => Promise<ProviderKey>;
  readonly previous: () => Promise<ProviderKey | undefined>;
}

/** A key, and which of the two this worker takes it for. */
export interface OfferedKey extends ProviderKey {
  readonly label: 'current' | 'previous';
}

export interface ProviderKeys {
  /**
   * The key to send with. Throws `Unavailable` where none is known. `onUnreadable` is told once of a read that failed,
   * by this call or a refresh before it, while another key serves.
   */
  get(onUnreadable: (reason: string) => void): Promise<OfferedKey>;
  /** A key that was not refused, if there is one; waits at most `waitMs` for Secrets Manager. */
  next(waitMs: number): Promise<OfferedKey | undefined>;
  /** The provider refused this version. */
  refused(versionId: string): void;
  /** The provider sent an SMS with this version. */
  accepted(versionId: string): void;
  /** How old the current key in memory is; 0 without one. */
  ageSeconds(): number;
}

const asCurrent = (key: ProviderKey): OfferedKey => ({ ...key, label: 'current' });
const asPrevious = (key: ProviderKey): OfferedKey => ({ ...key, label: 'previous' });

/** Starts reading the current key at once, and the previous one when it is needed. `now` gives epoch seconds. */
export function openProviderKeys(readers: KeyReaders, now: () => number): ProviderKeys {
  let trouble: string | undefined;
  const current = cacheSecret(async () => {
    try {
      const key = await readers.current();
      trouble = undefined;
      return key;
    } catch (error) {
      trouble = reasonOf(error);
      throw error;
    }
  }, now);
  let currentRetryAt = 0;
  const readPrevious = openPreviousKey(readers.previous, () => current.peek()?.versionId, now);

  const refusedUntil = new Map<string, number>();
  const isRefused = ({ versionId }: ProviderKey): boolean => now() < (refusedUntil.get(versionId) ?? 0);
  let heldOffUntil = 0;
  let forcing: Promise<void> | undefined;
  const reload = async (): Promise<void> => {
    try {
      await current.reload();
    } catch (error) {
      // What is no key was read all the same; a read that failed has told nothing, and may be tried sooner.
      if (!['empty', 'malformed'].includes(reasonOf(error))) heldOffUntil = now() + secretRetrySeconds;
    }
    forcing = undefined;
  };
  const force = (): Promise<void> | undefined => {
    if (forcing !== undefined || now() < heldOffUntil) return forcing;
    heldOffUntil = now() + keyRefusedSeconds;
    forcing = reload();
    return forcing;
  };

  const choose = async (): Promise<OfferedKey> => {
    const isUnreadable = current.peek() === undefined && now() < currentRetryAt;
    const spare = isUnreadable ? await readPrevious() : undefined;
    if (spare !== undefined && !isRefused(spare)) return asPrevious(spare);
    let failure: unknown;
    const key = await current.get().catch((error: unknown) => {
      failure = error;
      currentRetryAt = now() + secretRetrySeconds;
      return undefined;
    });
    if (key !== undefined && !isRefused(key)) return asCurrent(key);
    const previous = await readPrevious();
    if (previous !== undefined && (key === undefined || !isRefused(previous))) return asPrevious(previous);
    if (key !== undefined) return asCurrent(key);
    throw failure;
  };

  return {
    get: async (onUnreadable) => {
      try {
        const key = await choose();
        if (trouble !== undefined) onUnreadable(trouble);
        return key;
      } finally {
        trouble = undefined;
      }
    },
    next: async (waitMs) => {
      const endsAtMs = performance.now() + waitMs;
      const isNew = (key: ProviderKey | undefined): key is ProviderKey =>
        key !== undefined && !isRefused(key);
      const known = current.peek();
      if (isNew(known)) return asCurrent(known);
      await within(waitMs, force());
      const fetched = current.peek();
      if (isNew(fetched)) return asCurrent(fetched);
      const previous = await within(endsAtMs - performance.now(), readPrevious());
      return isNew(previous) ? asPrevious(previous) : undefined;
    },
    refused: (versionId) => {
      refusedUntil.set(versionId, now() + keyRefusedSeconds);
    },
    accepted: (versionId) => {
      const key = current.peek();
      if (key?.versionId === versionId && !isRefused(key)) heldOffUntil = 0;
    },
    ageSeconds: current.ageSeconds,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Unavailable ? error.reason : 'unknown';
}

/** What `work` gives, or undefined when that takes longer than `waitMs`; the work goes on. */
async function within<T>(waitMs: number, work: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), Math.max(0, waitMs));
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
