import { describe, expect, it } from 'vitest';
import { bundleSizes, maxShareOfTutorial } from '../../bench/bundle-sizes.ts';

describe('the bundles', () => {
  const { tutorial, ours } = bundleSizes();

  /** The two that miss the goal, with the SDK and everything that bounds a flood: they may not grow. */
  const notMet: Readonly<Record<string, number>> = { 'request-otp': 0.82, 'verify-otp': 0.8 };

  it.each([...ours])('of %s is no larger a share of the tutorial’s than it may be', (entry, bytes) => {
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes / tutorial).toBeLessThanOrEqual(notMet[entry] ?? maxShareOfTutorial);
  });
});
