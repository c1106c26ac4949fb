/**
 * Which StartMessaging key to send with: the current one, unless it cannot be read or was just refused. Then the last
 * good one, which is remembered for a day, or the previous one. What does not look like a key is none.
 *
 * A refusal has the current key read out of turn, once for all who wait, and then not for a minute, unless the key that
 * it brought works: a rotation is noticed at once, and a provider that refuses everything causes no storm of reads.
 * With no better key left, a refused one is offered again: an error of the provider must not outlive itself by a minute.
 */
import { type Clock, openPause, type Pause } from '../runtime/moment.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import { type CachedSecret, cacheSecret } from '../secrets/cached-secret.ts';
import type { ProviderKey } from '../secrets/secrets.ts';
import { keyRefusedSeconds, secretRetrySeconds } from '../settings/fixed-numbers.ts';
import { openPreviousKey } from './previous-key.ts';

/** How the keys are read; both throw `Unavailable`, and end with the signal. */
export interface KeyReaders {
  readonly current: (signal: AbortSignal) => Promise<ProviderKey>;
  readonly previous: (signal: AbortSignal) => Promise<ProviderKey | undefined>;
}

/** A key, and which of the two this worker takes it for. */
export interface OfferedKey extends ProviderKey {
  readonly label: 'current' | 'previous';
}

/** The keys as one request uses them. */
export interface ProviderKeys {
  /** The key to send with. Throws `Unavailable` where none is known. */
  get(): Promise<OfferedKey>;
  /** A key that was not refused, if there is one; waits at most `waitMs` for Secrets Manager, and ends its reads then. */
  next(waitMs: number): Promise<OfferedKey | undefined>;
  /** The provider refused this version. */
  refused(versionId: string): void;
  /** The provider sent an SMS with this version. */
  accepted(versionId: string): void;
}

interface KeyRequest {
  readonly signal: AbortSignal;
  /** Told of a read that failed for this request, while another key serves. */
  readonly onUnreadable: (reason: string) => void;
}

/** What a worker remembers of the keys. */
export interface ProviderKeyMemory {
  /** The current key, for init to read. */
  readonly current: Pick<CachedSecret<ProviderKey>, 'get' | 'ageSeconds'>;
  readonly of: (request: KeyRequest) => ProviderKeys;
}

const asCurrent = (key: ProviderKey): OfferedKey => ({ ...key, label: 'current' });
const asPrevious = (key: ProviderKey): OfferedKey => ({ ...key, label: 'previous' });

/** Opens the keys; the previous one is read when it is needed. */
export function openProviderKeys(readers: KeyReaders, clock: Clock): ProviderKeyMemory {
  const current = cacheSecret(readers.current, clock);
  const currentRetry = openPause(clock);
  const readPrevious = openPreviousKey(readers.previous, () => current.peek()?.versionId, clock);

  const refusals = new Map<string, Pause>();
  const isRefused = ({ versionId }: ProviderKey): boolean => refusals.get(versionId)?.isOn ?? false;
  const refuse = (versionId: string): void => {
    const pause = refusals.get(versionId) ?? openPause(clock);
    pause.begin(keyRefusedSeconds);
    refusals.set(versionId, pause);
  };
  const heldOff = openPause(clock);
  /** A refusal asked for a read that its request had no time for; the next request makes it up before it chooses. */
  let isReadOwed = false;
  let forcing: { readonly signal: AbortSignal; readonly done: Promise<void> } | undefined;
  const reload = async ({ signal, onUnreadable }: KeyRequest): Promise<void> => {
    try {
      await current.reload({ signal, onFailed: (error) => onUnreadable(reasonOf(error)) });
    } catch (error) {
      isReadOwed = signal.aborted;
      if (isReadOwed) heldOff.end();
      // What is no key was read all the same; a read that failed has told nothing, and may be tried sooner.
      else if (!['empty', 'malformed'].includes(reasonOf(error))) heldOff.begin(secretRetrySeconds);
    }
    forcing = undefined;
  };
  const force = (request: KeyRequest): Promise<void> | undefined => {
    const isUnderWay = forcing !== undefined && !forcing.signal.aborted;
    if (isUnderWay || heldOff.isOn) return isUnderWay ? forcing?.done : undefined;
    isReadOwed = false;
    heldOff.begin(keyRefusedSeconds);
    forcing = { signal: request.signal, done: reload(request) };
    return forcing.done;
  };

  const choose = async (request: KeyRequest): Promise<OfferedKey> => {
    const { signal, onUnreadable } = request;
    if (isReadOwed) await within(signal, force(request));
    const isUnreadable = current.peek() === undefined && currentRetry.isOn;
    const spare = isUnreadable ? await readPrevious(signal) : undefined;
    if (spare !== undefined && !isRefused(spare)) return asPrevious(spare);
    const failed: { trouble?: string } = {};
    let failure: unknown;
    const onFailed = (error: unknown): void => {
      failed.trouble = reasonOf(error);
    };
    const key = await current.get({ signal, onFailed }).catch((error: unknown) => {
      failure = error;
      if (!signal.aborted) currentRetry.begin(secretRetrySeconds);
      return undefined;
    });
    const serve = (served: OfferedKey): OfferedKey => {
      if (failed.trouble !== undefined) onUnreadable(failed.trouble);
      return served;
    };
    if (key !== undefined && !isRefused(key)) return serve(asCurrent(key));
    const previous = await readPrevious(signal);
    if (previous !== undefined && (key === undefined || !isRefused(previous)))
      return serve(asPrevious(previous));
    if (key !== undefined) return serve(asCurrent(key));
    throw failure;
  };

  const next = async (request: KeyRequest, waitMs: number): Promise<OfferedKey | undefined> => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(Math.max(0, Math.ceil(waitMs)))]);
    const isNew = (key: ProviderKey | undefined): key is ProviderKey => key !== undefined && !isRefused(key);
    const known = current.peek();
    if (isNew(known)) return asCurrent(known);
    await within(signal, force({ ...request, signal }));
    const fetched = current.peek();
    if (isNew(fetched)) return asCurrent(fetched);
    const previous = await within(signal, readPrevious(signal));
    return isNew(previous) ? asPrevious(previous) : undefined;
  };

  return {
    current,
    of: (request) => ({
      get: () => choose(request),
      next: (waitMs) => next(request, waitMs),
      refused: refuse,
      accepted: (versionId) => {
        const key = current.peek();
        if (key?.versionId === versionId && !isRefused(key)) heldOff.end();
      },
    }),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Unavailable ? error.reason : 'unknown';
}

/** What `work` gives, or undefined once `signal` is over; the work ends itself by the same signal. */
async function within<T>(signal: AbortSignal, work: Promise<T> | undefined): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([work, tooLate]);
}
