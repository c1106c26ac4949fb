import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  registerDepth,
  remaining,
  shift,
  underLimits,
  unshift,
  waitSeconds,
} from '../../functions/limits/sliding-window.ts';
import { parseSettings } from '../../functions/settings/settings.ts';

const { sendLimits } = parseSettings({ appName: 'Acme', audience: 'acme' });
const sends = { name: 'sent', limits: sendLimits } as const;

describe('a sliding window', () => {
  it('looks at the k-th newest event of each limit', () => {
    const { clauses, numbers } = underLimits(sends, 100_000);
    expect(clauses).toContain('(attribute_not_exists(sent1) OR sent1 <= :sentSince1)');
    expect(clauses).toHaveLength(sendLimits.length);
    expect(numbers[':sentSince1']).toBe(100_000 - 300);
  });

  it('remembers as many events as its deepest limit counts', () => {
    expect(registerDepth(sends)).toBe(10);
    expect(shift(sends, 5).clauses).toHaveLength(10);
    expect(shift(sends, 5).clauses.at(-1)).toBe('sent9 = if_not_exists(sent8, :never)');
  });

  it('puts back what had fallen out when an event is taken out again', () => {
    const { clauses, numbers } = unshift(sends, 42);
    expect(clauses[0]).toBe('sent0 = if_not_exists(sent1, :never)');
    expect(clauses.at(-1)).toBe('sent9 = :oldest');
    expect(numbers[':oldest']).toBe(42);
  });

  it('uses every value that it defines, at every depth', () => {
    for (const count of [1, 2, 20]) {
      const register = { name: 'tried', limits: [{ count, windowSeconds: 60 }] } as const;
      for (const part of [underLimits(register, 9), shift(register, 9), unshift(register, 9)]) {
        const used = new Set(part.clauses.join(' ').match(/:\w+/g));
        expect(new Set(Object.keys(part.numbers))).toEqual(used);
      }
    }
  });

  it('tells the wait of the strictest limit, to the second', () => {
    const times = [1000, 990];
    expect(waitSeconds(sendLimits, times, 1000)).toBe(290);
    expect(waitSeconds(sendLimits, times, 1289)).toBe(1);
    expect(waitSeconds(sendLimits, times, 1290)).toBe(0);
    expect(waitSeconds(sendLimits, [], 1000)).toBe(0);
    expect(waitSeconds(sendLimits, [0, 0, 0], 10)).toBe(0);
  });

  it('counts what is left under the strictest limit', () => {
    const limits = [
      { count: 5, windowSeconds: 600 },
      { count: 6, windowSeconds: 3600 },
    ];
    expect(remaining(limits, [], 5000)).toBe(5);
    expect(remaining(limits, [5000, 4999], 5000)).toBe(3);
    expect(remaining(limits, [4400, 4400, 4400, 4400, 4400], 5000)).toBe(1);
    expect(remaining(limits, [5000, 4999, 4998, 4997, 4996], 5000)).toBe(0);
  });

  it('agrees with an exact model on when the next event is admitted', () => {
    const history = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
    fc.assert(
      fc.property(history, (pauses) => {
        let now = 1_000_000;
        let register: number[] = [];
        const accepted: number[] = [];
        for (const pause of pauses) {
          now += pause;
          const isAdmitted = sendLimits.every(
            (limit) => accepted.filter((time) => time > now - limit.windowSeconds).length < limit.count,
          );
          expect(waitSeconds(sendLimits, register, now) === 0).toBe(isAdmitted);
          expect(remaining(sendLimits, register, now) > 0).toBe(isAdmitted);
          if (!isAdmitted) continue;
          accepted.push(now);
          register = [now, ...register].slice(0, 10);
        }
      }),
      { numRuns: 500 },
    );
  });
});
