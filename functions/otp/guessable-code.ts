/**
 * Recognises codes that people like to choose and attackers guess first. A guess at a random code wins 1 in 10^6; a
 * chosen code with a pattern falls within the first few guesses. Only the fixed code of a test number is chosen.
 *
 * It refuses fewer than one code in five, so a random code is easily found.
 */
/** Says why a code is easy to guess, without showing it; undefined for a code without a pattern. */
export function guessableBecause({
  phoneNumber,
  code,
}: {
  readonly phoneNumber: string;
  readonly code: string;
}): string | undefined {
  if (phoneNumber.includes(code)) return 'a part of the number';
  if (new Set(code).size <= 2) return 'one or two digits repeated';
  if (isRepetition(code)) return 'a part of it repeated';
  if (isCounting(code)) return 'digits that count up or down';
  return isDate(code) ? 'a date' : undefined;
}

/** `121212`, `123123`, and `123321`, which reads the same backwards. */
function isRepetition(code: string): boolean {
  return /^(.{1,3})\1+$/.test(code) || code === [...code].reverse().join('');
}

/**
 * `123456`, `112357`, `975310`; in steps that may pass over 9, as `789012`; `147258` by halves, and `102030` by pairs.
 * A 0 may stand after 9, as on the keys of a phone.
 */
function isCounting(code: string): boolean {
  const digits = [...code].map(Number);
  if (isSorted(digits) || isSorted(digits.map((digit) => digit || 10))) return true;
  const pairs = [0, 2, 4].map((from) => Number(code.slice(from, from + 2)));
  const halves = [digits.slice(0, 3), digits.slice(3)];
  return hasOneStep(digits, 10) || hasOneStep(pairs, 100) || halves.every((half) => hasOneStep(half, 10));
}

function isSorted(digits: readonly number[]): boolean {
  const isUp = digits.every((digit, i) => digit >= (digits[i - 1] ?? digit));
  return isUp || digits.every((digit, i) => digit <= (digits[i - 1] ?? digit));
}

function hasOneStep(numbers: readonly number[], modulus: number): boolean {
  const steps = numbers.slice(1).map((number, i) => (number - (numbers[i] ?? 0) + modulus) % modulus);
  return new Set(steps).size === 1;
}

/** Day, month and two digits of a year in the three orders in use, or a month with a year of this century or the last. */
function isDate(code: string): boolean {
  const [a, b, c] = [code.slice(0, 2), code.slice(2, 4), code.slice(4)];
  const hasYear = (year: string, month: string): boolean => /^(19|20)/.test(year) && isMonth(month);
  return (
    (isDay(a) && isMonth(b)) ||
    (isMonth(a) && isDay(b)) ||
    (isMonth(b) && isDay(c)) ||
    hasYear(a + b, c) ||
    hasYear(b + c, a)
  );
}

const isDay = (text: string): boolean => text >= '01' && text <= '31';
const isMonth = (text: string): boolean => text >= '01' && text <= '12';
