/**
 * Finds the key of one version of the code secret. A slot names the version that hashed its code, and workers refresh
 * at different times: the version may be newer than what this worker knows, or older than AWSPREVIOUS after two
 * rotations within one code's life. So a version that is not known is read by its id, which answers both; refreshing
 * by label would answer only the first. Secrets Manager keeps a version without a label for a day, a code lives minutes.
 *
 * One read at a time for a version, and none for a minute after Secrets Manager had no such version. A key that was
 * found is kept: a version never changes, and a worker meets as many as there are rotations in its life. A read ends
 * with its request, and one that ended so is nobody's answer.
 */
import type { KeyObject } from 'node:crypto';
import { type Clock, openPause } from '../runtime/moment.ts';
import { codeKeyHoldOffSeconds, secretRetrySeconds } from '../settings/fixed-numbers.ts';

/** Gives the key of a version; undefined where there is none. Throws `Unavailable` when nobody can tell. */
export type CodeKeyFinder = (version: string, signal: AbortSignal) => Promise<KeyObject | undefined>;

interface FinderPorts {
  /** What the worker knows without asking for a version. */
  readonly known: (signal: AbortSignal) => Promise<ReadonlyMap<string, KeyObject>>;
  /** Reads one version. */
  readonly read: CodeKeyFinder;
  readonly clock: Clock;
}

interface Lookup {
  readonly result: Promise<KeyObject | undefined>;
  /** Whether the result is still good, or worth waiting for. */
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
