/** Mobiles and landlines of India, by the metadata that is installed: what the repository has is what it says. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { phoneNumberIn } from '../../clients/typescript/src/digits.ts';
import { mobileStarts as stored } from '../../functions/otp/mobile-starts.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { mayBeMobile, mobileStarts } from '../../numbering-plan/pattern.ts';

const isTaken = (tenDigits: string): boolean => v.is(phoneNumberSchema, `+91${tenDigits}`);

/** STD codes that begin with 6 to 9, of cities whose landlines are no mobiles; subscribers' numbers begin with 2 to 6. */
const cities = [
  ['Ahmedabad', '79'],
  ['Bengaluru', '80'],
  ['Patna', '612'],
  ['Muzaffarpur', '621'],
  ['Gaya', '631'],
  ['Bhagalpur', '641'],
  ['Ranchi', '651'],
  ['Jamshedpur', '657'],
  ['Rourkela', '661'],
  ['Cuttack', '671'],
  ['Bhubaneswar', '674'],
  ['Indore', '731'],
  ['Ujjain', '734'],
  ['Gwalior', '751'],
  ['Bhopal', '755'],
  ['Mysuru', '821'],
  ['Mangaluru', '824'],
  ['Belagavi', '831'],
  ['Hubballi', '836'],
  ['Vijayawada', '866'],
  ['Warangal', '870'],
  ['Tirupati', '877'],
] as const;

describe('a landline', () => {
  it.each(cities)('of %s (%s) is refused', (_, std) => {
    for (const first of ['2', '3', '4']) expect(isTaken(`${std}${first}345678901`.slice(0, 10))).toBe(false);
    expect(isTaken(`${std}2345678901`.slice(0, 10))).toBe(false);
  });
});

describe('a mobile', () => {
  it.each(['60', '70', '72', '74', '84', '85', '90', '91', '92', '93', '94', '95', '96', '97', '98', '99'])(
    'that begins with %s is taken, every one of it',
    (start) => {
      for (let i = 0; i < 1_000; i += 1) {
        expect(isTaken(`${start}${String(i).padStart(3, '0')}12345`)).toBe(true);
      }
    },
  );

  it.each([
    ['Raipur', '7712345678'],
    ['Visakhapatnam', '8912345678'],
    ['Jabalpur', '7612345678'],
  ])('that may as well be a landline of %s is taken', (_, tenDigits) => {
    expect(isTaken(tenDigits)).toBe(true);
  });

  it('may be what the metadata says, for every start and any rest of a number', () => {
    fc.assert(
      fc.property(fc.nat(99_999), (rest) => {
        const tail = String(rest).padStart(5, '0');
        for (let start = 60_000; start < 100_000; start += 1) {
          const number = `${start}${tail}`;
          if (isTaken(number) !== mayBeMobile(number)) return false;
        }
        return true;
      }),
      { numRuns: 10 },
    );
  });

  it('never begins with 0 to 5', () => {
    for (let start = 0; start < 60_000; start += 7) {
      expect(isTaken(`${String(start).padStart(5, '0')}12345`)).toBe(false);
    }
  });
});

it('the starts in the repository are those of the installed metadata: npm run numbers', () => {
  expect(stored).toEqual(mobileStarts());
});

it('the client hands over every number that the server takes, and adds none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5_000_000_000, max: 9_999_999_999 }), (n) => {
      const number = `+91${n}`;
      const found = phoneNumberIn(number);
      // The client carries no numbering plan: an app in a store outlives one. The server decides.
      expect(found).toBe(n >= 6_000_000_000 ? number : undefined);
      if (v.is(phoneNumberSchema, number)) expect(found).toBe(number);
    }),
  );
});
