/**
 * The controls: what the security team changes without a deployment. One secret holds them as JSON, because phone numbers
 * do not belong in a template, a table or a log. Every worker obeys a change within 65 s.
 *
 *     { "sending": "everybody" | "returning-devices" | "nobody",
 *       "denied": ["+919876543210", "+9198765"],
 *       "testNumbers": [{ "phoneNumber", "code", "until": "2027-01-31", "perDay": 10 }] }
 *
 * The schema refuses unknown members, a text that cannot be the prefix of a number, and a test number that is not complete.
 */
import * as v from 'valibot';
import { wholeNumber } from '../limits/whole-number.ts';
import { parseUniqueJson } from '../runtime/unique-json.ts';
import { endOfDay } from '../settings/end-of-day.ts';
import { noList } from '../settings/no-list.ts';
import type { Settings } from '../settings/settings.ts';
import { dayPattern } from '../settings/sms-settings.ts';
import { codeSchema } from './code.ts';
import { guessableBecause } from './guessable-code.ts';
import type { IdentityKeys } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import { type PhoneNumber, phoneNumberSchema } from './phone-number.ts';

/** The most codes a day for a test number: as many as the item's longest register holds. */
const maxTestsPerDay = 20;

const testNumber = v.strictObject({
  phoneNumber: phoneNumberSchema,
  code: codeSchema,
  /** The last day on which it works, UTC. */
  until: v.pipe(v.string(), v.regex(dayPattern, 'expected a day such as "2027-01-31"')),
  perDay: v.optional(wholeNumber(1, maxTestsPerDay), 10),
});

const members = v.strictObject({
  sending: v.optional(
    v.picklist(
      ['everybody', 'returning-devices', 'nobody'],
      'expected "everybody", "returning-devices" or "nobody"',
    ),
    'everybody',
  ),
  denied: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.regex(/^\+91[6-9][0-9]{0,9}$/, 'expected a number, or its beginning, as +91 and 1 to 10 digits'),
        ),
      ),
      v.maxLength(3000, 'expected at most 3,000 numbers and prefixes'),
    ),
    [],
  ),
  testNumbers: v.optional(
    v.pipe(
      v.array(testNumber),
      v.maxLength(20, 'expected at most 20 test numbers'),
      v.check(
        (all) => new Set(all.map(({ phoneNumber }) => phoneNumber)).size === all.length,
        'expected each test number once',
      ),
    ),
    [],
  ),
});

/** `[]` would silently lift every control. */
export const controlsSchema = v.pipe(v.unknown(), noList, members);

export type Controls = Readonly<v.InferOutput<typeof controlsSchema>>;
export type TestNumber = Readonly<v.InferOutput<typeof testNumber>>;

/** Parses the secret's value; throws where it is not valid. A duplicate member is invalid, because it would hide the first. */
export function parseControls(json: string): Controls {
  return v.parse(controlsSchema, parseUniqueJson(json));
}

/**
 * The controls as a worker obeys them, without test numbers whose code is easy to guess. The command stores no such
 * number, but somebody may have edited the secret by hand. The worker ignores that number only and reports it, because
 * the kill switch and the denied numbers must keep working.
 */
export function obeyed(controls: Controls, onIgnored: (because: string) => void): Controls {
  const testNumbers = controls.testNumbers.filter((entry) => {
    const because = guessableBecause(entry);
    if (because !== undefined) onIgnored(because);
    return because === undefined;
  });
  return { ...controls, testNumbers };
}

/** Whether the number, or a prefix of it, is denied. */
export function isDenied({ denied }: Pick<Controls, 'denied'>, phoneNumber: PhoneNumber): boolean {
  return denied.some((prefix) => phoneNumber.startsWith(prefix));
}

/** The entry of a test number, whether it works today or not. */
export function testNumberOf(
  { testNumbers }: Pick<Controls, 'testNumbers'>,
  phoneNumber: PhoneNumber,
): TestNumber | undefined {
  return testNumbers.find((entry) => entry.phoneNumber === phoneNumber);
}

/**
 * The first second at which a test number no longer works: the end of its last day, or of the deployment's
 * `testNumbersUntil`, whichever is sooner. 0 where the deployment takes no test numbers.
 */
export function testNumberEndsAt(
  { testNumbersUntil }: Pick<Settings, 'testNumbersUntil'>,
  { until }: Pick<TestNumber, 'until'>,
): number {
  return testNumbersUntil === undefined ? 0 : Math.min(endOfDay(until), endOfDay(testNumbersUntil));
}

/**
 * The wait that a denied number is told. It counts down like the wait of a number that has spent its longest window, and
 * it starts at a different moment for each number.
 */
export function deniedWaitSeconds(
  { logTag }: Pick<IdentityKeys, 'logTag'>,
  { sendLimits }: Pick<Settings, 'sendLimits'>,
  { phoneNumber, now }: { readonly phoneNumber: PhoneNumber; readonly now: number },
): number {
  const windowSeconds = Math.max(...sendLimits.map((limit) => limit.windowSeconds));
  const hash = Buffer.from(keyedHash(logTag, ['denied', phoneNumber]), 'base64url');
  return windowSeconds - ((now + hash.readUInt32BE()) % windowSeconds);
}
