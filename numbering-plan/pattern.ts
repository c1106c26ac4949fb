/**
 * Which numbers may be mobiles, by libphonenumber's metadata of India's numbering plan. Landlines whose STD code begins
 * with 6 to 9 look like mobiles: `80 2…` is Bengaluru, and an SMS to it is lost.
 *
 * Refused is what the metadata has for landlines and not for mobiles. What it has for both, or for nobody, may be a
 * mobile. Five digits decide, which a test checks; the other five are free.
 */
import metadata from 'libphonenumber-js/max/metadata';
import * as v from 'valibot';

/** Of a country: the patterns by kind of number, landlines first and mobiles second. */
const kindsIndex = 11;
const kind = v.looseTuple([v.string()]);
const countrySchema = v.pipe(
  v.array(v.unknown()),
  v.transform((country) => country[kindsIndex]),
  v.looseTuple([kind, kind]),
);

const [[landline], [mobile]] = v.parse(countrySchema, metadata.countries.IN);
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const [landlinePattern, mobilePattern] = [whole(landline), whole(mobile)];

/** How many digits decide. */
export const decidingDigits = 5;

/** Whether ten digits may be a mobile number. */
export function mayBeMobile(tenDigits: string): boolean {
  return !landlinePattern.test(tenDigits) || mobilePattern.test(tenDigits);
}

/** The first five digits of all numbers that may be mobiles, as patterns that any engine of regular expressions takes. */
export function mobileStarts(): readonly string[] {
  const all = Array.from({ length: 40_000 }, (_, i) => String(60_000 + i));
  const allowed = all.filter((start) => mayBeMobile(`${start}00000`));
  return branchesOf(allowed, decidingDigits).flatMap(({ digits, rest }) =>
    branchesOf(rest, decidingDigits - 1).map(
      (branch) => digitsPattern(digits) + patternOf(branch, decidingDigits - 1),
    ),
  );
}

/** Digits that may be followed by the same. */
interface Branch {
  readonly digits: readonly string[];
  readonly rest: readonly string[];
}

/** Splits digit strings of one length by their first digit, and puts together what goes on alike. */
function branchesOf(starts: readonly string[], length: number): readonly Branch[] {
  const byRest = new Map<string, { digits: string[]; rest: readonly string[] }>();
  const byDigit = Map.groupBy(starts, (start) => start.slice(0, 1));
  for (const [digit, all] of byDigit) {
    const rest = all.map((start) => start.slice(1));
    const key = length === decidingDigits ? digit : rest.join();
    const branch = byRest.get(key) ?? { digits: [], rest };
    branch.digits.push(digit);
    byRest.set(key, branch);
  }
  return [...byRest.values()];
}

function patternOf({ digits, rest }: Branch, length: number): string {
  const left = length - 1;
  if (left === 0) return digitsPattern(digits);
  if (rest.length === 10 ** left) return digitsPattern(digits) + (left === 1 ? '[0-9]' : `[0-9]{${left}}`);
  const branches = branchesOf(rest, left).map((branch) => patternOf(branch, left));
  return digitsPattern(digits) + (branches.length === 1 ? branches.join() : `(${branches.join('|')})`);
}

/** A class of digits, with a range where three or more follow one another. */
function digitsPattern(digits: readonly string[]): string {
  if (digits.length === 1) return digits.join();
  const runs: string[] = [];
  for (const digit of digits) {
    const run = runs.at(-1);
    const isNext = run !== undefined && Number(run.at(-1)) + 1 === Number(digit);
    if (isNext) runs[runs.length - 1] = run + digit;
    else runs.push(digit);
  }
  return `[${runs.map((run) => (run.length > 2 ? `${run.at(0)}-${run.at(-1)}` : run)).join('')}]`;
}
