import { describe, expect, it } from 'vitest';
import { cacheSecret } from '../../functions/secrets/cached-secret.ts';
import { bothClocks, neverOver } from '../support/test-clock.ts';

const reading = { signal: neverOver };

/** Loads that a test answers one by one, while they are held; they do not listen to their signal, as a frozen one cannot. */
function scripted() {
  const state = { wall: 1_000, monotonic: 5, loads: 0, fails: false, isHeld: false };
  const held: (() => void)[] = [];
  const load = async (): Promise<string> => {
    state.loads += 1;
    const value = `value ${state.loads}`;
    if (state.isHeld) await new Promise<void>((resolve) => held.push(resolve));
    if (state.fails) throw new Error('down');
    return value;
  };
  const clock = { wallSeconds: () => state.wall, monotonicSeconds: () => state.monotonic };
  const pass = (seconds: number): void => {
    state.wall += seconds;
    state.monotonic += seconds;
  };
  return { state, load, clock, pass, letGo: () => held.shift()?.() };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a cached secret', () => {
  it('is loaded at its first use, once for everybody who waits', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.clock);
    await settled();
    expect(s.state.loads).toBe(0);
    const all = Array.from({ length: 500 }, () => secret.get(reading));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['value 1']));
    expect(s.state.loads).toBe(1);
  });

  it('is served for a minute without another load, and refreshed before use past it', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.clock);
    await secret.get(reading);
    s.pass(60);
    expect(await secret.get(reading)).toBe('value 1');
    expect(s.state.loads).toBe(1);
    s.pass(1);
    expect(await secret.get(reading)).toBe('value 2');
    expect(s.state.loads).toBe(2);
  });

  it.each([
    ['the wall clock alone', { wall: 61, monotonic: 0 }],
    ['the monotonic clock alone', { wall: 0, monotonic: 61 }],
    ['both', { wall: 61, monotonic: 61 }],
    ['the wall clock, which went back', { wall: -1, monotonic: 0 }],
    ['the wall clock, which went back an hour while time passed', { wall: -3600, monotonic: 3600 }],
  ])('is stale by %s', async (_, moved) => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.clock);
    await secret.get(reading);
    s.state.wall += moved.wall;
    s.state.monotonic += moved.monotonic;
    expect(await secret.get(reading)).toBe('value 2');
  });

  it('is as old as its load is, from the moment that this began', async () => {
    const s = scripted();
    s.state.isHeld = true;
    const secret = cacheSecret(s.load, s.clock);
    const first = secret.get(reading);
    s.pass(61);
    s.letGo();
    expect(await first).toBe('value 1');
    s.state.isHeld = false;
    expect(await secret.get(reading)).toBe('value 2');
  });

  it('serves its last good value for a day when loading fails, trying every ten seconds', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.clock);
    await secret.get(reading);
    s.state.fails = true;
    s.pass(61);
    expect(await secret.get(reading)).toBe('value 1');
    expect(await secret.get(reading)).toBe('value 1');
    expect(s.state.loads).toBe(2);
    s.pass(10);
    expect(await secret.get(reading)).toBe('value 1');
    expect(s.state.loads).toBe(3);
    s.pass(86_400 - 71);
    expect(await secret.get(reading)).toBe('value 1');
    s.pass(1);
    await expect(secret.get(reading)).rejects.toThrow('down');
  });

  it.each([
    ['the wall clock alone', { wall: 10, monotonic: 0 }],
    ['the monotonic clock alone', { wall: 0, monotonic: 10 }],
    ['the wall clock, which went back', { wall: -1, monotonic: 0 }],
  ])('is tried again after a failure by %s', async (_, moved) => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.clock);
    await secret.get(reading);
    s.state.fails = true;
    s.pass(61);
    await secret.get(reading);
    s.state.fails = false;
    expect(await secret.get(reading)).toBe('value 1');
    s.state.wall += moved.wall;
    s.state.monotonic += moved.monotonic;
    expect(await secret.get(reading)).toBe('value 3');
  });

  it('fails without a value, does not end the process, and recovers with the next try', async () => {
    const s = scripted();
    s.state.fails = true;
    const secret = cacheSecret(s.load, s.clock);
    await expect(secret.get(reading)).rejects.toThrow('down');
    s.state.fails = false;
    expect(await secret.get(reading)).toBe('value 2');
  });

  it('reloads anew, once for all, although a load that began earlier is under way', async () => {
    const s = scripted();
    s.state.isHeld = true;
    const secret = cacheSecret(
      s.load,
      bothClocks(() => s.state.wall),
    );
    const first = secret.get(reading);
    await settled();
    expect(secret.peek()).toBeUndefined();
    const reloading = Promise.all([secret.reload(reading), secret.reload(reading)]);
    s.letGo();
    expect(await first).toBe('value 1');
    await settled();
    expect(secret.peek()).toBe('value 1');
    s.letGo();
    expect(await reloading).toEqual(['value 2', 'value 2']);
    expect(s.state.loads).toBe(2);
    s.pass(86_401);
    expect(secret.peek()).toBeUndefined();
  });
});

describe('a load', () => {
  const held = () => {
    const s = scripted();
    s.state.isHeld = true;
    const ending = new AbortController();
    return { ...s, ending, secret: cacheSecret(s.load, s.clock) };
  };

  it('that an earlier request left under way is nobody’s: the next one loads for itself', async () => {
    const { secret, ending, letGo, state } = held();
    secret.get({ signal: ending.signal }).catch(() => undefined);
    await settled();
    ending.abort();
    state.isHeld = false;
    expect(await secret.get(reading)).toBe('value 2');
    letGo();
    await settled();
    expect(secret.peek()).toBe('value 2');
  });

  it('that ends after its request is not kept: it may be as old as the freeze was long', async () => {
    const { secret, ending, letGo } = held();
    const late = secret.get({ signal: ending.signal });
    ending.abort();
    letGo();
    await expect(late).rejects.toThrow();
    expect(secret.peek()).toBeUndefined();
  });

  it('that ends with its request is no failure: it is told to nobody, and the next request loads at once', async () => {
    const s = scripted();
    const secret = cacheSecret(s.load, s.clock);
    await secret.get(reading);
    s.pass(61);
    Object.assign(s.state, { isHeld: true, fails: true });
    const ending = new AbortController();
    const told: unknown[] = [];
    const stale = secret.get({ signal: ending.signal, onFailed: (error) => told.push(error) });
    await settled();
    ending.abort();
    s.letGo();
    expect(await stale).toBe('value 1');
    expect(told).toEqual([]);
    Object.assign(s.state, { isHeld: false, fails: false });
    expect(await secret.get(reading)).toBe('value 3');
  });

  it('of another request that fails is tried once more, and each tells of its own', async () => {
    const { secret, letGo, state } = held();
    const told: string[] = [];
    const other = secret.get({ signal: new AbortController().signal, onFailed: () => told.push('other') });
    await settled();
    const mine = secret.get({ signal: neverOver, onFailed: () => told.push('mine') });
    state.fails = true;
    letGo();
    await expect(other).rejects.toThrow('down');
    await settled();
    expect(state.loads).toBe(2);
    state.fails = false;
    letGo();
    expect(await mine).toBe('value 2');
    expect(told).toEqual(['other']);
  });

  it('of another request that succeeds serves whoever joined it', async () => {
    const { secret, letGo, state } = held();
    const both = [secret.get({ signal: new AbortController().signal }), secret.get(reading)];
    await settled();
    letGo();
    expect(await Promise.all(both)).toEqual(['value 1', 'value 1']);
    expect(state.loads).toBe(1);
  });

  it('that failed is told once, by whoever began it', async () => {
    const s = scripted();
    s.state.fails = true;
    const secret = cacheSecret(s.load, s.clock);
    const told: unknown[] = [];
    const all = [1, 2, 3].map(() => secret.get({ signal: neverOver, onFailed: (error) => told.push(error) }));
    await Promise.allSettled(all);
    expect(told).toHaveLength(1);
  });
});
