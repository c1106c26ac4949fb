/** How a number's items are kept: their registers, and how long. */
import { openItems } from '../limits/lane.ts';
import type { Count, StorePolicy } from '../otp/challenge-store.ts';
import { deviceIdleSeconds, keptAttempts, keptSends, ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';

/** The registers that `settings` ask for, and how long an item matters: its longest window and a margin. */
export function storePolicy(settings: Settings): StorePolicy {
  const { sendLimits, attemptLimits, devicesPerNumber } = settings;
  const longestWindowSeconds = Math.max(
    ...[...sendLimits, ...attemptLimits].map((limit) => limit.windowSeconds),
  );
  return {
    sends: { name: 'sent', limits: sendLimits, keeps: keptSends },
    attempts: { name: 'tried', limits: attemptLimits, keeps: keptAttempts },
    ttlSeconds: longestWindowSeconds + ttlMarginSeconds,
    deviceTtlSeconds: Math.max(longestWindowSeconds, deviceIdleSeconds) + ttlMarginSeconds,
    devices: devicesPerNumber,
    markedLanes: openItems(settings).filter((lane) => lane !== 'public'),
  };
}

/** The time after which the TTL cleanup may delete what a step writes. */
export function ttlOf(
  { ttlSeconds, deviceTtlSeconds }: StorePolicy,
  { lane, now }: Pick<Count, 'lane' | 'now'>,
): number {
  return now + (lane === 'device' ? deviceTtlSeconds : ttlSeconds);
}
