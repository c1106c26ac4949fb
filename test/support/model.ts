/**
 * What the README promises about one number, in the plainest form: lists of times and of challenges, no registers,
 * no slots that move, no conditions. The real thing is held against it in random histories.
 */
import type { Limit, Settings } from '../../functions/otp/settings.ts';

interface ModelChallenge {
  readonly name: number;
  readonly code: string;
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

export interface Model {
  request(now: number, challenge: ModelChallenge, delivery: Delivery): string;
  verify(now: number, attempt: Omit<Win, 'at'>): string;
}

const within = (times: readonly number[], { windowSeconds }: Limit, now: number): number =>
  times.filter((time) => time > now - windowSeconds).length;

const admits = (limits: readonly Limit[], times: readonly number[], now: number): boolean =>
  limits.every((limit) => within(times, limit, now) < limit.count);

/** A number that nothing is known of. */
export function startModel({ sendLimits, attemptLimits }: Settings): Model {
  let sends: readonly number[] = [];
  let attempts: readonly number[] = [];
  let challenges: readonly ModelChallenge[] = [];
  let lastWin: Win | undefined;

  const isLive = (challenge: ModelChallenge, now: number): boolean => challenge.expiresAt > now;

  return {
    request(now, challenge, delivery) {
      const asked = challenges.find(
        (c) =>
          isLive(c, now) && c.idempotencyKey !== undefined && c.idempotencyKey === challenge.idempotencyKey,
      );
      if (asked)
        return asked.purpose === challenge.purpose ? `replay of ${asked.name}` : 'idempotency-mismatch';
      if (!admits(sendLimits, sends, now) || !admits(attemptLimits, attempts, now))
        return 'too-many-requests';
      if (delivery !== 'refused') sends = [...sends, now];
      if (delivery === 'refused') return 'temporarily-unavailable';
      if (delivery === 'number-limited') return 'too-many-requests';
      challenges = [challenge, ...challenges].slice(0, 2);
      return delivery === 'failed' ? 'temporarily-unavailable' : 'accepted';
    },
    verify(now, { name, code, idempotencyKey }) {
      const own = challenges.find((c) => c.name === name && isLive(c, now));
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
      if (!admits(attemptLimits, attempts, now)) return 'too-many-attempts';
      attempts = [...attempts, now];
      const isKin = (c: ModelChallenge): boolean =>
        c.purpose === own.purpose && (c.resends === own.name || own.resends === c.name);
      const valid = challenges.filter((c) => isLive(c, now) && (c === own || isKin(c)));
      if (!valid.some((c) => c.code === code)) {
        const left = Math.min(...attemptLimits.map((limit) => limit.count - within(attempts, limit, now)));
        return `incorrect-code, ${left} left`;
      }
      challenges = [];
      attempts = [];
      lastWin = { name, code, idempotencyKey, at: now };
      return 'verified';
    },
  };
}
