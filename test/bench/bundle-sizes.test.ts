import { describe, expect, it } from 'vitest';
import { bundleSizes, bundleSizesOfSessions, maxShareOfTutorial } from '../../bench/bundle-sizes.ts';

describe('the bundles', () => {
  const { tutorial, ours } = bundleSizes();

  it.each([...ours])('of %s is no larger a share of the tutorial’s than it may be', (_, bytes) => {
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes / tutorial).toBeLessThanOrEqual(maxShareOfTutorial);
  });

  it('with sessions are the function of sessions, and a larger verify-otp', () => {
    const sizes = bundleSizesOfSessions();
    expect([...sizes.keys()]).toEqual(['session', 'verify-otp']);
    expect(sizes.get('verify-otp')).toBeGreaterThan(ours.get('verify-otp') ?? Number.POSITIVE_INFINITY);
    for (const bytes of sizes.values()) expect(bytes / tutorial).toBeLessThan(0.82);
  });
});
