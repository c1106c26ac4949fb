import { describe, expect, it } from 'vitest';
import { cacheUnchangingSecret } from '../../functions/secrets/unchanging-secret.ts';
import { bothClocks, neverOver } from '../support/test-clock.ts';

const reading = { signal: neverOver };

function watched() {
  const state = { now: 1_000, value: 'first' };
  const secret = cacheUnchangingSecret({
    name: 'IDENTITY_SECRET_ARN',
    load: async () => state.value,
    isSame: (a, b) => a === b,
    clock: bothClocks(() => state.now),
  });
  return { state, secret };
}

describe('a secret that must not change', () => {
  it('is served while it stays the same', async () => {
    const { state, secret } = watched();
    expect(await secret.get(reading)).toBe('first');
    state.now += 3600;
    expect(await secret.get(reading)).toBe('first');
  });

  it('serves nobody from the moment that another value is seen, and again when the old one is back', async () => {
    const { state, secret } = watched();
    await secret.get(reading);
    state.value = 'second';
    state.now += 301;
    await expect(secret.get(reading)).rejects.toMatchObject({
      dependency: 'IDENTITY_SECRET_ARN',
      reason: 'changed',
    });
    await expect(secret.get(reading)).rejects.toThrow();
    state.value = 'first';
    state.now += 61;
    expect(await secret.get(reading)).toBe('first');
  });

  it('is never handed out in its new value, however often it is read', async () => {
    const { state, secret } = watched();
    await secret.get(reading);
    state.value = 'second';
    for (let i = 0; i < 5; i += 1) {
      state.now += 400;
      await expect(secret.get(reading)).rejects.toThrow();
    }
  });
});
