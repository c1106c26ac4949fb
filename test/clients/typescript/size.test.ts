import { describe, expect, it } from 'vitest';
import { clientBytes, maxClientBytes, maxSessionBytes, parts } from '../../../clients/size.ts';
import * as client from '../../../clients/typescript/src/index.ts';

describe('the TypeScript client', () => {
  it(`weighs at most ${maxClientBytes} bytes, gzipped`, async () => {
    expect(await clientBytes('the sign-in alone')).toBeLessThanOrEqual(maxClientBytes);
  });

  it(`weighs at most ${maxSessionBytes} bytes more with a session, which an app without one does not ship`, async () => {
    const bytes = await clientBytes('with a session');
    expect(bytes).toBeLessThanOrEqual(maxClientBytes + maxSessionBytes);
    expect(bytes).toBeGreaterThan(await clientBytes('the sign-in alone'));
  });

  it('is measured with all that an app without sessions can import', () => {
    const sessionOnly = [
      'createSession',
      'endSessions',
      'listSessions',
      'openApiFetch',
      'readAccessToken',
      'signOutEverywhere',
    ];
    expect([...parts['the sign-in alone'], ...sessionOnly].toSorted()).toEqual(
      Object.keys(client).toSorted(),
    );
  });
});
