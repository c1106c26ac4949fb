/**
 * Finds the key of one version of the code secret. A slot names the version that hashed its code, and workers refresh
 * at different times: the version may be newer than what this worker knows, or older than AWSPREVIOUS after two
 * rotations within one code's life. So a version that is not known is read by its id, which answers both; refreshing
 * by label would answer only the first. Secrets Manager keeps a version without a label for a day, a code lives minutes.
 *
 * One read at a time for a version, and none for a minute after Secrets Manager had no such version. A key that was
 * found is kept: a version never changes, and a worker meets as many as there are rotations in its life.
 */
import type { KeyObject } from 'node:crypto';
import { codeKeyHoldOffSeconds, secretRetrySeconds } from '../otp/policy.ts';

/** Gives the key of a version; undefined where there is none. Throws `Unavailable` when nobody can tell. */
export type CodeKeyFinder = (version: string) => Promise<KeyObject | undefined>;

interface FinderPorts {
  /** What the worker knows without asking. */
  readonly known: () => Promise<ReadonlyMap<string, KeyObject>>;
  /** Reads one version. */
  readonly read: CodeKeyFinder;
  /** Epoch seconds. */
  readonly now: () => number;
}

interface Lookup {
  readonly result: Promise<KeyObject | undefined>;
  /** Epoch seconds; the result is not asked for again before. */
  readonly until: number;
}

/** A finder for one worker. */
export function findCodeKeys({ known, read, now }: FinderPorts): CodeKeyFinder {
  const lookups = new Map<string, Lookup>();

  const lookUp = (version: string): Promise<KeyObject | undefined> => {
    const keep = (until: number): void => {
      lookups.set(version, { result, until });
    };
    const result = read(version);
    keep(Number.POSITIVE_INFINITY);
    result.then(
      (key) => key === undefined && keep(now() + codeKeyHoldOffSeconds),
      () => keep(now() + secretRetrySeconds),
    );
    return result;
  };

  return async (version) => {
    const key = (await known()).get(version);
    if (key !== undefined) return key;
    const before = lookups.get(version);
    return before !== undefined && now() < before.until ? before.result : lookUp(version);
  };
}
