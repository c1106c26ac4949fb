import { describe, expect, it } from 'vitest';
import { clientBytes, maxClientBytes } from '../../../clients/size.ts';

describe('the TypeScript client', () => {
  it(`weighs at most ${maxClientBytes} bytes, gzipped`, async () => {
    expect(await clientBytes()).toBeLessThanOrEqual(maxClientBytes);
  });
});
