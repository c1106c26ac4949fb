/** Device tokens, one for each number: a phone with two SIMs is a known device of both. */
import { parseList, textIn } from './record.ts';
import { fitting } from './under-way.ts';

/** The token of a number; empty without one. */
export function deviceTokenOf(value: string | undefined, phoneNumber: string): string {
  const device = parseList(value).find((stored) => textIn(stored, 'phoneNumber') === phoneNumber);
  return textIn(device ?? {}, 'token');
}

/** The list with the token of a number first; the numbers that were longest not used go when it is full. */
export function withDeviceToken(value: string | undefined, phoneNumber: string, token: string) {
  const others = parseList(value).filter((stored) => textIn(stored, 'phoneNumber') !== phoneNumber);
  return fitting([{ phoneNumber, token }, ...others]);
}
