/** The changes to the controls, as pure functions. Each throws `Advice` for a change that makes no sense. */
import * as v from 'valibot';
import { wholeNumber } from '../../functions/limits/whole-number.ts';
import { codeSchema } from '../../functions/otp/code.ts';
import { type Controls, isDenied, type TestNumber } from '../../functions/otp/controls.ts';
import { guessableBecause } from '../../functions/otp/guessable-code.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { endOfDay } from '../../functions/settings/end-of-day.ts';
import { codeLength } from '../../functions/settings/fixed-numbers.ts';
import { dayPattern } from '../../functions/settings/sms-settings.ts';
import { Advice } from '../../terminal/advice.ts';
import { masked } from './masked.ts';
import { storable } from './mistakes.ts';

/** Denies a number, or every number with this prefix. */
export function withDenied(controls: Controls, entry: string): Controls {
  const covering = controls.denied.find((denied) => entry.startsWith(denied));
  if (covering !== undefined) throw new Advice(`It is already denied by ${masked(covering)}.`);
  const changed = { ...controls, denied: [...controls.denied, entry] };
  storable(changed);
  return changed;
}

/** Removes a denied number or prefix; `entry` must match it exactly. */
export function withoutDenied(controls: Controls, entry: string): Controls {
  if (controls.denied.includes(entry))
    return { ...controls, denied: controls.denied.filter((denied) => denied !== entry) };
  const covering = controls.denied.find((denied) => entry.startsWith(denied));
  throw new Advice(
    covering === undefined
      ? 'It is not denied.'
      : `The prefix ${masked(covering)} denies it. You can only allow the whole prefix.`,
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

/** A new test number without its code. It must be one whole number, until a day that the deployment accepts. */
export function newTestNumber(
  controls: Controls,
  { phoneNumber, until, perDay = defaultPerDay }: Asked,
  taking: Taking,
): Omit<TestNumber, 'code'> {
  const parsed = v.safeParse(phoneNumberSchema, phoneNumber);
  if (!parsed.success)
    throw new Advice(`A test number must be one whole number, not a prefix: ${parsed.issues[0].message}.`);
  checkUntil(until, taking);
  if (controls.testNumbers.some((entry) => entry.phoneNumber === phoneNumber))
    throw new Advice('It is already a test number. To change it, run remove-test-number first.');
  if (isDenied(controls, parsed.output))
    throw new Advice('It is denied, and a denied test number does not work. Run allow first.');
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
    throw new Advice(`Nothing was changed: the code is ${because}, so it is easy to guess. ${drawOne}`);
  return { ...controls, testNumbers: [...controls.testNumbers, added] };
}

const drawOne = 'Draw one: node -p "String(crypto.randomInt(1e6)).padStart(6, 0)"';

/** The default of the schema. */
const defaultPerDay = 10;

function checkUntil(until: string, { testNumbersUntil, now }: Taking): void {
  if (!isDay(until)) throw new Advice('--until: expected the last day of the test number, as 2027-01-31.');
  if (testNumbersUntil === undefined) {
    throw new Advice(
      'This deployment takes no test numbers. Set testNumbersUntil in bin/app.ts, deploy, and try again.',
    );
  }
  if (endOfDay(until) <= now) throw new Advice('--until: that day is over in UTC.');
  if (endOfDay(until) > endOfDay(testNumbersUntil)) {
    throw new Advice(
      `--until: this deployment takes test numbers only until ${testNumbersUntil} (setting testNumbersUntil).`,
    );
  }
}

/** Whether the calendar has the day; it does not have 2027-02-31. */
function isDay(text: string): boolean {
  return dayPattern.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

/** Removes a test number. */
export function withoutTestNumber(controls: Controls, phoneNumber: string): Controls {
  const testNumbers = controls.testNumbers.filter((entry) => entry.phoneNumber !== phoneNumber);
  if (testNumbers.length === controls.testNumbers.length) throw new Advice('It is not a test number.');
  return { ...controls, testNumbers };
}

/** Reads --per-day. */
export function parsePerDay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const result = v.safeParse(wholeNumber(1, 20), /^[0-9]{1,2}$/.test(text) ? Number(text) : undefined);
  if (!result.success) throw new Advice('--per-day: expected a whole number from 1 to 20.');
  return result.output;
}
