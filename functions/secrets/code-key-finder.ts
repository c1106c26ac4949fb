/**
 * Finds the key of one version of the code secret. A slot names the version that hashed its code, and workers refresh at
 * different times. So the version may be newer than what this worker knows. After two rotations within one code's lifetime
 * it may also be older than AWSPREVIOUS. Reading an unknown version by its id covers both cases, while a refresh by label
 * covers only the first. Secrets Manager keeps a version without a label for a day, and a code works for minutes.
 *
 * The worker makes one read at a time for a version, and none for a minute after Secrets Manager had no such version. It
 * keeps each key that it found, because a version never changes and a worker sees few of them. A read ends with its
 * request, and the finder discards the result of a read that ended so.
 */
import type { KeyObject } from 'node:crypto';
import { type Clock, openPause } from '../runtime/moment.ts';
import { codeKeyHoldOffSeconds, secretRetrySeconds } from '../settings/fixed-numbers.ts';

/** Gives the key of a version; undefined where there is none. Throws `Unavailable` when Secrets Manager does not answer. */
export type CodeKeyFinder = (version: string, signal: AbortSignal) => Promise<KeyObject | undefined>;

interface FinderPorts {
  /** The keys that the worker already knows. */
  readonly known: (signal: AbortSignal) => Promise<ReadonlyMap<string, KeyObject>>;
  /** Reads one version. */
  readonly read: CodeKeyFinder;
  readonly clock: Clock;
}

interface Lookup {
  readonly result: Promise<KeyObject | undefined>;
  /** Whether a request may use the result or wait for it. */
  readonly holds: () => boolean;
}

/** A finder for one worker. */
export function findCodeKeys({ known, read, clock }: FinderPorts): CodeKeyFinder {
  const lookups = new Map<string, Lookup>();

  const lookUp: CodeKeyFinder = (version, signal) => {
    const result = read(version, signal);
    const pause = openPause(clock);
    let isFound = false;
    let isUnderWay = true;
    lookups.set(version, { result, holds: () => (isUnderWay ? !signal.aborted : isFound || pause.isOn) });
    const settle = (key: KeyObject | undefined, holdOffSeconds: number): void => {
      isUnderWay = false;
      isFound = key !== undefined;
      if (!signal.aborted) pause.begin(holdOffSeconds);
    };
    result.then(
      (key) => settle(key, codeKeyHoldOffSeconds),
      () => settle(undefined, secretRetrySeconds),
    );
    return result;
  };

  return async (version, signal) => {
    const key = (await known(signal)).get(version);
    if (key !== undefined) return key;
    const before = lookups.get(version);
    return before?.holds() ? before.result : lookUp(version, signal);
  };
}
