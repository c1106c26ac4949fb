import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeSchema } from '../../functions/otp/code.ts';
import { guessableBecause } from '../../functions/otp/guessable-code.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';

const phoneNumber = v.parse(phoneNumberSchema, '+919876504321');
const because = (code: string): string | undefined =>
  guessableBecause({ phoneNumber, code: v.parse(codeSchema, code) });
const six = (n: number): string => String(n).padStart(6, '0');

describe('a fixed code is easy to guess', () => {
  it.each(
    [
      ['111111', '000000', '111222', '121212', '100000', '110110'].map((code) => [
        code,
        'one or two digits repeated',
      ]),
      ['123123', '402402', '123321', '456654'].map((code) => [code, 'a part of it repeated']),
      [
        ['123456', '654321', '246802', '789012', '098765', '975319', '112233', '102030', '010203'],
        ['147258', '159753', '456123', '789456', '321654', '112357', '135790', '975310'],
      ]
        .flat()
        .map((code) => [code, 'digits that count up or down']),
      ['150893', '081593', '930815', '310199', '199008', '081990', '202612', '260126'].map((c) => [
        c,
        'a date',
      ]),
      ['919876', '876504', '504321'].map((code) => [code, 'a part of the number']),
    ].flat(),
  )('as %s: %s', (code = '', reason = '') => {
    expect(because(code)).toBe(reason);
  });

  it.each(['402961', '738294', '907158', '461739', '385072'])('but not as %s', (code) => {
    expect(because(code)).toBeUndefined();
  });

  it('by every repetition and every count, whichever digit it starts at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), (first, step) => {
        const code = Array.from({ length: 6 }, (_, i) => (first + i * step) % 10).join('');
        expect(because(code)).toBeDefined();
      }),
    );
  });

  it('by every day of a hundred years, in each order', () => {
    const day = fc.date({ min: new Date('1926-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const [year, month, date_] = date.toISOString().slice(2, 10).split('-');
        for (const code of [`${date_}${month}${year}`, `${month}${date_}${year}`, `${year}${month}${date_}`])
          expect(because(code)).toBeDefined();
      }),
    );
  });

  it('in one case of five, so that drawing one needs few tries', () => {
    const refused = Array.from({ length: 1_000_000 }, (_, n) => six(n)).filter((code) => because(code));
    expect(refused.length).toBeLessThan(1_000_000 / 5);
  });
});
