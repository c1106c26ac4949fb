/**
 * Chooses the StartMessaging key to send with. This is the current key, unless the worker cannot read it or the provider
 * just refused it. The fallbacks are the last good key, which a worker keeps for a day, and the previous key. A value that
 * does not look like a key is ignored.
 *
 * {@link nextKey} chooses among the known keys. {@link openKeyRing} keeps them for a worker and reads the missing ones. The
 * file is long because neither makes sense without the other.
 *
 * After a refusal the worker reads the current key at once, one read for all waiting requests. It then makes no such read
 * for a minute, unless the read brought another key or the key works. The worker thus notices a rotation at once, also
 * right after another one, and a provider that refuses everything causes no storm of reads.
 * If no better key is left, the ring offers a refused key again, so that a short error of the provider stays short.
 */
import { type Clock, openPause, type Pause } from '../runtime/moment.ts';
import { reasonOf } from '../runtime/unavailable.ts';
import { type CachedSecret, cacheSecret } from '../secrets/cached-secret.ts';
import type { ProviderKey } from '../secrets/secret-readers.ts';
import { keyRefusedSeconds, secretRetrySeconds } from '../settings/fixed-numbers.ts';

/** A key, and whether this worker read it as the current or the previous one. */
export interface OfferedKey extends ProviderKey {
  readonly label: 'current' | 'previous';
}

/** The keys that one choice knows; `undefined` was not read yet. */
export interface KnownKeys {
  /** `postponed`: a read failed seconds ago, and no key is known. */
  readonly current?: ProviderKey | 'none' | 'postponed';
  readonly previous?: ProviderKey | 'none';
}

/** The next step of a choice. */
export type KeyStep =
  | { readonly tag: 'offer'; readonly key: OfferedKey }
  | { readonly tag: 'read'; readonly label: OfferedKey['label'] }
  /** The provider refused every known key. `key` is the first of them, if there is one. */
  | { readonly tag: 'spent'; readonly key: OfferedKey | undefined };

/** Chooses a key, or says which one to read first. `refused` has the versions that were refused in the last minute. */
export function nextKey({ current, previous }: KnownKeys, refused: ReadonlySet<string>): KeyStep {
  const offered = [labelled(current, 'current'), labelled(previous, 'previous')];
  const [first, second] = offered.map((key) => (key && refused.has(key.versionId) ? undefined : key));
  if (current === undefined) return { tag: 'read', label: 'current' };
  if (first !== undefined) return { tag: 'offer', key: first };
  if (previous === undefined) return { tag: 'read', label: 'previous' };
  if (second !== undefined) return { tag: 'offer', key: second };
  if (current === 'postponed') return { tag: 'read', label: 'current' };
  return { tag: 'spent', key: offered.find((key) => key !== undefined) };
}

function labelled(key: KnownKeys['current'], label: OfferedKey['label']): OfferedKey | undefined {
  return typeof key === 'object' ? { ...key, label } : undefined;
}

/** Read the keys. Both throw `Unavailable`, and end with the signal. */
export interface KeyReaders {
  readonly current: (signal: AbortSignal) => Promise<ProviderKey>;
  readonly previous: (signal: AbortSignal) => Promise<ProviderKey | undefined>;
}

/** A key to send with, and the reasons of the reads that this choice began and that failed. */
interface Choice<Key> {
  readonly key: Key;
  readonly unreadable: readonly string[];
}

/** The keys of a worker. */
export interface KeyRing {
  /** The current key, for init to read. */
  readonly current: Pick<CachedSecret<ProviderKey>, 'get' | 'ageSeconds'>;
  /** The key to send with. Throws `Unavailable` where none is known. */
  first(signal: AbortSignal): Promise<Choice<OfferedKey>>;
  /** A key that was not refused, if there is one. Waits at most `waitMs` for Secrets Manager, and then ends its reads. */
  another(signal: AbortSignal, waitMs: number): Promise<Choice<OfferedKey | undefined>>;
  /** The provider refused this version. */
  refused(versionId: string): void;
  /** The provider sent an SMS with this version. */
  accepted(versionId: string): void;
}

/** Opens the ring of a worker. It reads the previous key only when it needs it. */
export function openKeyRing(readers: KeyReaders, clock: Clock): KeyRing {
  const current = cacheSecret(readers.current, clock);
  const currentRetry = openPause(clock);
  const readPrevious = cachePreviousKey(readers.previous, () => current.peek()?.versionId, clock);

  const refusals = new Map<string, Pause>();
  const refused = (): ReadonlySet<string> =>
    new Set([...refusals].filter(([, pause]) => pause.isOn).map(([versionId]) => versionId));
  const heldOff = openPause(clock);
  /** The request of a refusal had no time for its read. The next request reads before it chooses. */
  let isReadOwed = false;
  const owe = (): void => {
    isReadOwed = true;
    heldOff.end();
  };
  let forcing: { readonly signal: AbortSignal; readonly done: Promise<readonly string[]> } | undefined;

  /** Reads the current key. Gives the reasons of a failure, if it came within the request. */
  const reload = async (signal: AbortSignal): Promise<readonly string[]> => {
    const unreadable: string[] = [];
    const before = current.peek()?.versionId;
    try {
      const { versionId } = await current.reload({
        signal,
        onFailed: (error) => unreadable.push(reasonOf(error)),
      });
      // The next rotation may revoke this key before it was used, so the next refusal may read again.
      if (versionId !== before) heldOff.end();
    } catch (error) {
      if (signal.aborted) owe();
      // A secret without a valid key was still read. A read that failed may be tried again sooner.
      else if (!['empty', 'malformed'].includes(reasonOf(error))) heldOff.begin(secretRetrySeconds);
    }
    forcing = undefined;
    return unreadable;
  };
  /** Reads the current key at once, or waits for a read under way. Only the request that began the read reports its failure. */
  const force = async (signal: AbortSignal): Promise<readonly string[]> => {
    if (forcing !== undefined && !forcing.signal.aborted) {
      await within(signal, forcing.done);
      return [];
    }
    if (heldOff.isOn) return [];
    isReadOwed = false;
    heldOff.begin(keyRefusedSeconds);
    forcing = { signal, done: reload(signal) };
    const unreadable = await within(signal, forcing.done);
    // The next request may begin before the read has ended, too.
    if (unreadable === undefined) owe();
    return unreadable ?? [];
  };

  return {
    current,
    refused: (versionId) => {
      const pause = refusals.get(versionId) ?? openPause(clock);
      pause.begin(keyRefusedSeconds);
      refusals.set(versionId, pause);
    },
    accepted: (versionId) => {
      if (current.peek()?.versionId === versionId && !refused().has(versionId)) heldOff.end();
    },
    first: async (signal) => {
      const unreadable = isReadOwed ? [...(await force(signal))] : [];
      let failure: unknown;
      const read = (): Promise<ProviderKey | 'none'> => {
        const onFailed = (error: unknown) => unreadable.push(reasonOf(error));
        return current.get({ signal, onFailed }).catch((error: unknown) => {
          failure = error;
          if (!signal.aborted) currentRetry.begin(secretRetrySeconds);
          return 'none';
        });
      };
      const isPostponed = current.peek() === undefined && currentRetry.isOn;
      let known: KnownKeys = isPostponed ? { current: 'postponed' } : {};
      let step = nextKey(known, refused());
      while (step.tag === 'read') {
        // The current key decides which key is the previous one.
        if (step.label === 'current') known = { current: await read() };
        else known = { ...known, previous: (await readPrevious(signal)) ?? 'none' };
        step = nextKey(known, refused());
      }
      if (step.key === undefined) throw failure;
      return { key: step.key, unreadable };
    },
    another: async (ofRequest, waitMs) => {
      const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(waitMs)));
      const signal = AbortSignal.any([ofRequest, timeout]);
      const inMemory = (): KnownKeys => ({ current: current.peek() ?? 'none' });
      let step = nextKey(inMemory(), refused());
      const unreadable = step.tag === 'offer' ? [] : await force(signal);
      step = nextKey(inMemory(), refused());
      if (step.tag === 'read') {
        const previous = (await within(signal, readPrevious(signal))) ?? 'none';
        step = nextKey({ ...inMemory(), previous }, refused());
      }
      return { key: step.tag === 'offer' ? step.key : undefined, unreadable };
    },
  };
}

/**
 * Reads the previous key when it is first needed, and again when the current key has changed, because the previous one
 * then changed too. Never throws: it gives undefined if no key is usable, and repeats a failed read only after ten seconds.
 */
function cachePreviousKey(
  load: KeyReaders['previous'],
  currentVersionId: () => string | undefined,
  clock: Clock,
): KeyReaders['previous'] {
  let cached: { secret: CachedSecret<ProviderKey | undefined>; beside: string | undefined } | undefined;
  const retry = openPause(clock);
  return async (signal) => {
    const beside = currentVersionId();
    const isOther = cached === undefined || cached.beside !== beside;
    if (retry.isOn) return isOther ? undefined : cached?.secret.peek();
    if (cached === undefined || isOther) cached = { secret: cacheSecret(load, clock), beside };
    try {
      return await cached.secret.get({ signal });
    } catch {
      if (!signal.aborted) retry.begin(secretRetrySeconds);
      return undefined;
    }
  };
}

/** The result of `work`, or undefined once `signal` aborts. The work ends by the same signal. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([work, tooLate]);
}
