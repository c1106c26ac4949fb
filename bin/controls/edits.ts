/** The changes to the controls. Pure: controls in, controls out; advice is thrown for what makes no sense. */
import * as v from 'valibot';
import { codeSchema } from '../../functions/otp/code.ts';
import { type Controls, endOfDay, isDenied, type TestNumber } from '../../functions/otp/controls.ts';
import { guessableBecause } from '../../functions/otp/guessable-code.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { dayPattern } from '../../functions/settings/abuse-settings.ts';
import { codeLength } from '../../functions/settings/fixed-numbers.ts';
import { wholeNumber } from '../../functions/settings/whole-number.ts';
import { Advice } from '../../local/advice.ts';
import { masked } from './masked.ts';
import { storable } from './mistakes.ts';

/** Denies a number, or every number that begins so. */
export function withDenied(controls: Controls, entry: string): Controls {
  const covering = controls.denied.find((denied) => entry.startsWith(denied));
  if (covering !== undefined) throw new Advice(`It is denied already, by ${masked(covering)}.`);
  const changed = { ...controls, denied: [...controls.denied, entry] };
  storable(changed);
  return changed;
}

/** Takes a number or a prefix off the denied ones, in exactly the spelling that is there. */
export function withoutDenied(controls: Controls, entry: string): Controls {
  if (controls.denied.includes(entry))
    return { ...controls, denied: controls.denied.filter((denied) => denied !== entry) };
  const covering = controls.denied.find((denied) => entry.startsWith(denied));
  throw new Advice(
    covering === undefined
      ? 'It is not denied.'
      : `It is denied by the prefix ${masked(covering)}; only the whole of that can be allowed.`,
  );
}

interface Asked {
  readonly phoneNumber: string;
  readonly until: string;
  readonly perDay: number | undefined;
}

interface Taking {
  /** The deployment's last day of test numbers. */
  readonly testNumbersUntil: string | undefined;
  /** Epoch seconds. */
  readonly now: number;
}

/** A new test number but for its code: one whole number, until a day that the deployment takes. */
export function newTestNumber(
  controls: Controls,
  { phoneNumber, until, perDay = defaultPerDay }: Asked,
  taking: Taking,
): Omit<TestNumber, 'code'> {
  const parsed = v.safeParse(phoneNumberSchema, phoneNumber);
  if (!parsed.success)
    throw new Advice(`A test number is one whole number, never a prefix: ${parsed.issues[0].message}.`);
  checkUntil(until, taking);
  if (controls.testNumbers.some((entry) => entry.phoneNumber === phoneNumber))
    throw new Advice('It is a test number already. To change it: remove-test-number first.');
  if (isDenied(controls, parsed.output))
    throw new Advice('It is denied, and a denied test number does not work. First: allow.');
  return { phoneNumber: parsed.output, until, perDay };
}

/** Adds a test number with its code. */
export function withTestNumber(
  controls: Controls,
  testNumber: Omit<TestNumber, 'code'>,
  typed: string,
): Controls {
  const code = v.safeParse(codeSchema, typed);
  if (!code.success)
    throw new Advice(`The code: expected ${codeLength} digits. Pipe them in, or type them when asked.`);
  const added = { ...testNumber, code: code.output };
  const because = guessableBecause(added);
  if (because !== undefined)
    throw new Advice(`Nothing was changed: the code is ${because}, so anybody would guess it. ${drawOne}`);
  return { ...controls, testNumbers: [...controls.testNumbers, added] };
}

const drawOne = 'Draw one: node -p "String(crypto.randomInt(1e6)).padStart(6, 0)"';

/** As the schema has it. */
const defaultPerDay = 10;

function checkUntil(until: string, { testNumbersUntil, now }: Taking): void {
  if (!isDay(until)) throw new Advice('--until: expected the last day of the test number, as 2027-01-31.');
  if (testNumbersUntil === undefined) {
    throw new Advice(
      'This deployment takes no test numbers. Set testNumbersUntil in bin/app.ts and deploy, then again.',
    );
  }
  if (endOfDay(until) <= now) throw new Advice('--until: that day is over (UTC).');
  if (endOfDay(until) > endOfDay(testNumbersUntil)) {
    throw new Advice(
      `--until: this deployment takes test numbers until ${testNumbersUntil} (setting testNumbersUntil), no longer.`,
    );
  }
}

/** A day that the calendar has: 2027-02-31 is none. */
function isDay(text: string): boolean {
  return dayPattern.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** Takes a test number out. */
export function withoutTestNumber(controls: Controls, phoneNumber: string): Controls {
  const testNumbers = controls.testNumbers.filter((entry) => entry.phoneNumber !== phoneNumber);
  if (testNumbers.length === controls.testNumbers.length) throw new Advice('It is no test number.');
  return { ...controls, testNumbers };
}

/** Reads --per-day. */
export function parsePerDay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const result = v.safeParse(wholeNumber(1, 20), /^[0-9]{1,2}$/.test(text) ? Number(text) : undefined);
  if (!result.success) throw new Advice('--per-day: expected a whole number from 1 to 20.');
  return result.output;
}
