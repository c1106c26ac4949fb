/**
 * Exact sliding windows in a shift register: "at most k in W seconds".
 *
 * The register holds the epoch seconds of the latest events, newest first, in the attributes `sent0`, `sent1`, …
 * of one item. A limit is one clause: the k-th newest event is absent, or at least W seconds old. Accepting an
 * event shifts the register, in the same UpdateItem, whose right-hand sides read the item as it was before
 * (DynamoDB, "Update expressions"). So any number of limits is one atomic write and no read, and a refused write
 * returns the register, from which the wait costs nothing.
 *
 * It refuses nothing itself and reads no clock: the caller passes `now`. It has no precision below a second.
 */
import type { Limit } from './limits.ts';
import { toldSeconds } from './told-seconds.ts';

/** Which register of the item: `sent` for sends, `tried` for counted attempts. */
export type RegisterName = 'sent' | 'tried';

/** A register and the limits on it. */
export interface Register {
  readonly name: RegisterName;
  readonly limits: readonly Limit[];
  /** The fewest events that it remembers, whatever the current limits need, because later limits may need more. */
  readonly keeps?: number;
}

/** Parts of a DynamoDB expression with the numbers they refer to. */
export interface ExpressionPart {
  readonly clauses: readonly string[];
  readonly numbers: Readonly<Record<string, number>>;
}

/** The value of a time that no limit needs any more. It means the same as an absent one. */
const never = 0;

/** How many events the register remembers: the largest k of its limits, and at least its fixed minimum. */
export function registerDepth({ limits, keeps = 1 }: Register): number {
  return Math.max(keeps, ...limits.map((limit) => limit.count));
}

/** One clause per limit: the k-th newest event is old enough or absent. */
export function underLimits({ name, limits }: Register, now: number): ExpressionPart {
  const clauses = limits.map(
    ({ count }, i) =>
      `(attribute_not_exists(${name}${count - 1}) OR ${name}${count - 1} <= :${name}Since${i})`,
  );
  const numbers = limits.map(({ windowSeconds }, i) => [`:${name}Since${i}`, now - windowSeconds] as const);
  return { clauses, numbers: Object.fromEntries(numbers) };
}

/** The assignments that put an event at `now` before all others and drop the oldest one. */
export function shift(register: Register, now: number): ExpressionPart {
  const { name } = register;
  const older = Array.from(
    { length: registerDepth(register) - 1 },
    (_, i) => `${name}${i + 1} = if_not_exists(${name}${i}, :never)`,
  );
  return {
    clauses: [`${name}0 = :now`, ...older],
    numbers: { ':now': now, ...(older.length > 0 ? { ':never': never } : {}) },
  };
}

/** The assignments that remove the newest event again. `oldest` is the event that the shift had dropped, or 0. */
export function unshift(register: Register, oldest: number): ExpressionPart {
  const { name } = register;
  const last = registerDepth(register) - 1;
  const newer = Array.from(
    { length: last },
    (_, i) => `${name}${i} = if_not_exists(${name}${i + 1}, :never)`,
  );
  return {
    clauses: [...newer, `${name}${last} = :oldest`],
    numbers: { ':oldest': oldest, ...(newer.length > 0 ? { ':never': never } : {}) },
  };
}

/**
 * The wait for a client: seconds until every limit admits one more event. It is 0 when they all do now, and never more than
 * the longest window, whatever the register holds. `times` is newest first.
 */
export function waitSeconds(limits: readonly Limit[], times: readonly number[], now: number): number {
  const waits = limits.map(({ count, windowSeconds }) => {
    const kthNewest = times[count - 1] ?? never;
    return kthNewest === never ? 0 : toldSeconds(kthNewest + windowSeconds - now, windowSeconds);
  });
  return Math.max(0, ...waits);
}

/** The limit that makes the client wait longest; undefined where every limit admits one more event. */
export function bindingLimit(
  limits: readonly Limit[],
  times: readonly number[],
  now: number,
): Limit | undefined {
  const longest = waitSeconds(limits, times, now);
  return longest === 0 ? undefined : limits.find((limit) => waitSeconds([limit], times, now) === longest);
}

/** How many more events every limit admits now. */
export function remaining(limits: readonly Limit[], times: readonly number[], now: number): number {
  const left = limits.map(
    ({ count, windowSeconds }) =>
      count - times.filter((time) => time !== never && time > now - windowSeconds).length,
  );
  return Math.max(0, Math.min(...left));
}
