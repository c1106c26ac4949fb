import { describe, expect, it } from 'vitest';
import { bundleSizes, maxShareOfTutorial } from '../../bench/bundle-sizes.ts';

describe('the bundles', () => {
  const { tutorial, ours } = bundleSizes();

  it.each([...ours])('of %s is no larger a share of the tutorial’s than it may be', (_, bytes) => {
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes / tutorial).toBeLessThanOrEqual(maxShareOfTutorial);
  });
});
