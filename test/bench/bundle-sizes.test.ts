import { describe, expect, it } from 'vitest';
import { bundleSizes, maxShareOfTutorial } from '../../bench/bundle-sizes.ts';

describe('the bundles', () => {
  const { tutorial, ours } = bundleSizes();

  /**
   * The one that misses the goal may not grow. It came to carry the numbering plan, one intention over all lanes and the
   * rehearsal of init (0.6, 2.4 and 0.4 KB); what is left to take out is the SDK's own.
   */
  const notMet: Readonly<Record<string, number>> = { 'request-otp': 0.804 };

  it.each([...ours])('of %s is no larger a share of the tutorial’s than it may be', (entry, bytes) => {
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes / tutorial).toBeLessThanOrEqual(notMet[entry] ?? maxShareOfTutorial);
  });
});
