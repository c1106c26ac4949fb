import { describe, expect, it } from 'vitest';
import { cacheSecret } from '../../functions/adapters/cached-secret.ts';

function scripted() {
  const state = { now: 1_000, loads: 0, fails: false };
  let release: (() => void) | undefined;
  const load = async (): Promise<string> => {
    state.loads += 1;
    const value = `value ${state.loads}`;
    if (release !== undefined)
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    if (state.fails) throw new Error('down');
    return value;
  };
  return {
    state,
    load,
    now: () => state.now,
    hold: () => {
      release = () => undefined;
    },
    letGo: () => release?.(),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a cached secret', () => {
  it('starts loading at once and loads once for everybody who waits', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.now);
    expect(await Promise.all([secret.get(), secret.get(), secret.get()])).toEqual([
      'value 1',
      'value 1',
      'value 1',
    ]);
    expect(s.state.loads).toBe(1);
  });

  it('is served for a minute without another load', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.now);
    await secret.get();
    s.state.now += 60;
    expect(await secret.get()).toBe('value 1');
    expect(s.state.loads).toBe(1);
  });

  it('is served and refreshed alongside up to five minutes', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.now);
    await secret.get();
    s.state.now += 61;
    expect(await secret.get()).toBe('value 1');
    await settled();
    expect(await secret.get()).toBe('value 2');
    expect(s.state.loads).toBe(2);
  });

  it('is refreshed before use past five minutes', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.now);
    await secret.get();
    s.state.now += 301;
    expect(await secret.get()).toBe('value 2');
  });

  it('serves its last good value for a day when loading fails, trying every ten seconds', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.now);
    await secret.get();
    s.state.fails = true;
    s.state.now += 301;
    expect(await secret.get()).toBe('value 1');
    expect(await secret.get()).toBe('value 1');
    expect(s.state.loads).toBe(2);
    s.state.now += 10;
    expect(await secret.get()).toBe('value 1');
    expect(s.state.loads).toBe(3);
    s.state.now = 1_000 + 86_400;
    expect(await secret.get()).toBe('value 1');
    s.state.now += 11;
    await expect(secret.get()).rejects.toThrow('down');
  });

  it('fails without a value, does not end the process, and recovers with the next try', async () => {
    const s = scripted();
    s.state.fails = true;
    const secret = cacheSecret(s.load, s.now);
    await settled();
    await expect(secret.get()).rejects.toThrow('down');
    s.state.fails = false;
    expect(await secret.get()).toBe('value 3');
  });

  it('reloads anew, once for all, although a load that began earlier is under way', async () => {
    const s = scripted();
    s.hold();
    const secret = cacheSecret(s.load, s.now);
    expect(secret.peek()).toBeUndefined();
    const reloading = Promise.all([secret.reload(), secret.reload()]);
    s.letGo();
    await settled();
    expect(secret.peek()).toBe('value 1');
    s.letGo();
    expect(await reloading).toEqual(['value 2', 'value 2']);
    expect(s.state.loads).toBe(2);
    s.state.now += 86_401;
    expect(secret.peek()).toBeUndefined();
  });

  it('has one load under way at a time', async () => {
    const s = scripted();
    s.hold();
    const secret = cacheSecret(s.load, s.now);
    const waiting = Array.from({ length: 500 }, () => secret.get());
    s.letGo();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['value 1']));
    expect(s.state.loads).toBe(1);
  });
});
