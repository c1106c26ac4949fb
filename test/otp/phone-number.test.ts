import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';

const accepts = (value: unknown): boolean => v.safeParse(phoneNumberSchema, value).success;

describe('a phone number', () => {
  it.each(['+919876543210', '+916000000000', '+917999999999', '+918123456789'])(
    'is accepted as %s',
    (number) => {
      expect(accepts(number)).toBe(true);
    },
  );

  it.each([
    ['without its plus', '919876543210'],
    ['without its country', '9876543210'],
    ['with a trunk zero', '+9109876543210'],
    ['with an international prefix', '00919876543210'],
    ['with a space', '+91 9876543210'],
    ['with a hyphen', '+91-9876543210'],
    ['with a space before it', ' +919876543210'],
    ['with a newline after it', '+919876543210\n'],
    ['with a NUL after it', '+919876543210\0'],
    ['with a zero-width space in it', '+91987654\u200b3210'],
    ['in Devanagari digits', '+९१९८७६५४३२१०'],
    ['in full-width digits', '+９１９８７６５４３２１０'],
    ['with a full-width plus', '＋919876543210'],
    ['as a landline', '+912212345678'],
    ['of the United States', '+14155552671'],
    ['one digit short', '+91987654321'],
    ['one digit long', '+9198765432100'],
    ['as a number', 919876543210],
    ['as a list', ['+919876543210']],
    ['as an object', { toString: () => '+919876543210' }],
    ['as null', null],
    ['empty', ''],
  ])('is refused %s', (_, value) => {
    expect(accepts(value)).toBe(false);
  });
});
