import * as fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeIn, phoneNumberIn } from '../../../clients/typescript/src/digits.ts';
import { phoneNumberSchema } from '../../../functions/otp/phone-number.ts';

describe('the code in what was typed or pasted', () => {
  it.each([
    ['402961', '402961'],
    [' 402 961\n', '402961'],
    ['402-961', '402961'],
    ['4 0 2 9 6 1', '402961'],
    ['402\u00a0961\u200e', '402961'],
    [
      '402961 is your Doorcode verification code. It is valid for 5 minutes. Please do not share it with anybody.',
      '402961',
    ],
    ['<#> Your code: 402961. Valid for 10 minutes. FA+9qCX9VSu', '402961'],
    ['४०२९६१', '402961'],
    ['٤٠٢٩٦١', '402961'],
    ['۴۰۲۹۶۱', '402961'],
    ['௪௦௨௯௬௧', '402961'],
    ['４０２９６１', '402961'],
    ['000000', '000000'],
  ])('is found in %j', (text, code) => {
    expect(codeIn(text, 6)).toBe(code);
  });

  it.each([
    '',
    '40296',
    '4029610',
    'no code',
    '402961 or 111111',
    '+919876543210',
    'call 98765 43210',
    '4029a61',
  ])('is not guessed from %j', (text) => {
    expect(codeIn(text, 6)).toBeUndefined();
  });

  it('is found once even if it stands there twice', () => {
    expect(codeIn('Code 402961. @example.com #402961', 6)).toBe('402961');
  });

  it('is found in any script, wherever spaces stand', () => {
    const zeros = [0x30, 0x660, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0x6f0];
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{6}$/),
        fc.constantFrom(...zeros),
        fc.array(fc.constantFrom('', ' ', '\t'), { minLength: 6, maxLength: 6 }),
        (code, zero, gaps) => {
          const typed = [...code].map((digit, at) => gaps[at] + String.fromCharCode(zero + Number(digit)));
          expect(codeIn(typed.join(''), 6)).toBe(code);
        },
      ),
    );
  });
});

describe('the number in what was typed or pasted', () => {
  it.each(['9876543210', '98765 43210', '+91 98765-43210', '09876543210', '0091 9876543210', '९८७६५४३२१०'])(
    'is found in %j, in the spelling that the server takes',
    (text) => {
      const number = phoneNumberIn(text);
      expect(number).toBe('+919876543210');
      expect(v.is(phoneNumberSchema, number)).toBe(true);
    },
  );

  it.each(['', '1234567890', '987654321', '98765432100', '+1 987 654 3210', '+44 9876543210'])(
    'is not made up from %j',
    (text) => {
      expect(phoneNumberIn(text)).toBeUndefined();
    },
  );
});
