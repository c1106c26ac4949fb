import type { KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { deriveCodeKey } from '../../functions/otp/code.ts';
import { type CodeKeyFinder, findCodeKeys } from '../../functions/secrets/code-key-finder.ts';
import { bothClocks, neverOver } from '../support/test-clock.ts';

const key = deriveCodeKey('k'.repeat(64));
let known: Map<string, KeyObject>;
let stored: Map<string, KeyObject>;
let reads: string[];
let now: number;
let isDown: boolean;
let find: (version: string) => ReturnType<CodeKeyFinder>;
beforeEach(() => {
  known = new Map();
  stored = new Map();
  reads = [];
  now = 1_000;
  isDown = false;
  const finder = findCodeKeys({
    known: async () => known,
    read: async (version) => {
      reads.push(version);
      if (isDown) throw new Error('down');
      return stored.get(version);
    },
    clock: bothClocks(() => now),
  });
  find = (version) => finder(version, neverOver);
});

describe('the key of a version of the code secret', () => {
  it('is read by its id when the worker does not know it, once for all who wait, and then kept', async () => {
    stored.set('newer', key);
    const found = await Promise.all(Array.from({ length: 500 }, () => find('newer')));
    expect(new Set(found)).toEqual(new Set([key]));
    now += 86_400;
    expect(await find('newer')).toBe(key);
    expect(reads).toEqual(['newer']);
  });

  it('costs no read when the worker knows it', async () => {
    known.set('current', key);
    expect(await find('current')).toBe(key);
    expect(reads).toEqual([]);
  });

  it('is not asked for again for a minute when there is no such version', async () => {
    expect(await find('gone')).toBeUndefined();
    now += 59;
    expect(await find('gone')).toBeUndefined();
    expect(reads).toHaveLength(1);
    stored.set('gone', key);
    now += 1;
    expect(await find('gone')).toBe(key);
  });

  it('is asked for again after ten seconds when nobody could tell', async () => {
    stored.set('newer', key);
    isDown = true;
    await expect(find('newer')).rejects.toThrow('down');
    isDown = false;
    now += 9;
    await expect(find('newer')).rejects.toThrow('down');
    now += 1;
    expect(await find('newer')).toBe(key);
    expect(reads).toHaveLength(2);
  });

  it('of one version does not wait for another', async () => {
    stored.set('newer', key);
    expect(await Promise.all([find('gone'), find('newer')])).toEqual([undefined, key]);
  });

  it('that an earlier request left under way is read anew, and no failure of that one is waited for', async () => {
    let reads = 0;
    const finder = findCodeKeys({
      known: async () => known,
      read: (_, signal) => {
        reads += 1;
        return signal === neverOver ? Promise.resolve(key) : new Promise(() => undefined);
      },
      clock: bothClocks(() => now),
    });
    const ending = new AbortController();
    finder('newer', ending.signal).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    ending.abort();
    expect(await finder('newer', neverOver)).toBe(key);
    expect(reads).toBe(2);
  });
});
