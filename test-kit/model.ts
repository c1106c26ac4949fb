/**
 * A model of what the documentation promises about one number. It keeps plain lists of times and challenges, without
 * registers, slots or conditions. Tests compare the real flows with it in random histories.
 *
 * The model includes a failing table: a write is never done, or done without an answer, or done and tried again.
 */
import type { Limit } from '../functions/limits/limits.ts';
import type { Settings } from '../functions/settings/settings.ts';

interface ModelChallenge {
  readonly name: number;
  /** Undefined when it was never sent, so that nobody can know it. */
  readonly code: string | undefined;
  readonly purpose: string;
  readonly expiresAt: number;
  readonly idempotencyKey: string | undefined;
  readonly resends: number | undefined;
}

interface Win {
  readonly name: number;
  readonly code: string;
  readonly idempotencyKey: string | undefined;
  readonly at: number;
}

export type Delivery = 'accepted' | 'unconfirmed' | 'failed' | 'refused' | 'number-limited';

/** The fate of a write to the table: done and tried again, done and never answered, or never done. */
export type WriteFault = 'twice' | 'lost' | 'never';

/** The fates of the writes of one call of the app: the first, and the one that may follow. */
export interface WriteFaults {
  readonly first?: WriteFault | undefined;
  readonly second?: WriteFault | undefined;
}

/** An attempt that was counted. After enough newer attempts the model forgets its challenge. */
interface ModelAttempt {
  readonly at: number;
  /** The challenge that it was made at. */
  readonly name: number | undefined;
}

/** How many of the newest attempts have a known challenge. A success can give back only these. */
const knownAttempts = 5;

export interface Model {
  request(now: number, challenge: ModelChallenge, asked: { delivery: Delivery; faults: WriteFaults }): string;
  verify(now: number, attempt: Omit<Win, 'at'>, faults: WriteFaults): string;
  /** Whether a challenge of that name is stored, live or not. */
  knows(name: number): boolean;
}

const within = (times: readonly number[], { windowSeconds }: Limit, now: number): number =>
  times.filter((time) => time > now - windowSeconds).length;

const admits = (limits: readonly Limit[], times: readonly number[], now: number): boolean =>
  limits.every((limit) => within(times, limit, now) < limit.count);

const isUnanswered = (fault: WriteFault | undefined): boolean => fault === 'lost' || fault === 'never';

/** A number without any history. */
export function startModel({ sendLimits, attemptLimits }: Settings): Model {
  let sends: readonly number[] = [];
  let attempts: readonly ModelAttempt[] = [];
  let challenges: readonly ModelChallenge[] = [];
  let lastWin: Win | undefined;

  const attemptTimes = (): readonly number[] => attempts.map(({ at }) => at);
  const count = (at: number, name: number): void => {
    const all = [...attempts, { at, name }];
    attempts = all.map((attempt, i) =>
      i < all.length - knownAttempts ? { at: attempt.at, name: undefined } : attempt,
    );
  };

  const isLive = (challenge: ModelChallenge, now: number): boolean => challenge.expiresAt > now;
  const store = (challenge: ModelChallenge): void => {
    challenges = [challenge, ...challenges].slice(0, 2);
  };

  /** A send that the table admits; the second write gives it back. */
  const reserved = (
    now: number,
    challenge: ModelChallenge,
    { delivery, faults }: { delivery: Delivery; faults: WriteFaults },
  ): string => {
    if (faults.first === 'never') return 'temporarily-unavailable';
    if (faults.first === 'lost') {
      // Given back, unless that is not done either: then a challenge stays whose code was never sent.
      if (faults.second === 'never') {
        sends = [...sends, now];
        store({ ...challenge, code: undefined });
      }
      return 'temporarily-unavailable';
    }
    const isRefused = delivery === 'refused' || delivery === 'number-limited';
    const isGivenBack = isRefused && faults.second !== 'never';
    if (!(isGivenBack && delivery === 'refused')) sends = [...sends, now];
    if (!isGivenBack) store(challenge);
    if (delivery === 'number-limited') return 'too-many-requests';
    return delivery === 'refused' || delivery === 'failed' ? 'temporarily-unavailable' : 'accepted';
  };

  return {
    knows: (name) => challenges.some((challenge) => challenge.name === name),
    request(now, challenge, { delivery, faults }) {
      const asked = challenges.find(
        (c) =>
          isLive(c, now) && c.idempotencyKey !== undefined && c.idempotencyKey === challenge.idempotencyKey,
      );
      const isAdmitted = admits(sendLimits, sends, now) && admits(attemptLimits, attemptTimes(), now);
      if (asked === undefined && isAdmitted) return reserved(now, challenge, { delivery, faults });
      if (isUnanswered(faults.first)) return 'temporarily-unavailable';
      if (asked === undefined) return 'too-many-requests';
      return asked.purpose === challenge.purpose ? `replay of ${asked.name}` : 'idempotency-mismatch';
    },
    verify(now, { name, code, idempotencyKey }, faults) {
      if (faults.first === 'never') return 'unavailable';
      const own = challenges.find((c) => c.name === name && isLive(c, now));
      const isAdmitted = own !== undefined && admits(attemptLimits, attemptTimes(), now);
      if (isAdmitted) count(now, name);
      if (faults.first === 'lost') return 'unavailable';
      if (own === undefined) {
        const isReplay =
          idempotencyKey !== undefined &&
          lastWin !== undefined &&
          lastWin.name === name &&
          lastWin.code === code &&
          lastWin.idempotencyKey === idempotencyKey &&
          now - lastWin.at <= 60;
        return isReplay ? 'verified' : 'expired-code';
      }
      if (!isAdmitted) return 'too-many-attempts';
      const isKin = (c: ModelChallenge): boolean =>
        c.purpose === own.purpose && (c.resends === own.name || own.resends === c.name);
      const valid = challenges.filter((c) => isLive(c, now) && (c === own || isKin(c)));
      if (!valid.some((c) => c.code === code)) {
        const left = Math.min(
          ...attemptLimits.map((limit) => limit.count - within(attemptTimes(), limit, now)),
        );
        return `incorrect-code, ${left} left`;
      }
      if (faults.second === 'never') return 'unavailable';
      const ofTheUser = challenges
        .filter((c) => c === own || c.resends === own.name || own.resends === c.name)
        .map((c) => c.name);
      attempts = attempts.filter((a) => a.name === undefined || !ofTheUser.includes(a.name));
      challenges = [];
      lastWin = { name, code, idempotencyKey, at: now };
      return faults.second === 'lost' ? 'unavailable' : 'verified';
    },
  };
}
