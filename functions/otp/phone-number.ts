/**
 * The phone number, in exactly one spelling. It refuses every other one instead of repairing it: an alias of a
 * number (spaces, a leading zero, digits of another script) would be a second set of limits for the same phone.
 *
 * Landlines get no SMS. Many STD codes begin with 6 to 9, as mobiles do, so the numbering plan decides; what may be a
 * mobile by that plan is never refused. The plan changes: `npm run numbers` takes a newer one.
 */
import * as v from 'valibot';
import { mobileStarts } from './mobile-starts.ts';

/** `+91`, five digits that decide, and five that are free; without look-ahead, so that any engine takes it. */
const mobileNumber = new RegExp(`^\\+91(${mobileStarts.join('|')})[0-9]{5}$`);

/** A number that may be an Indian mobile, in E.164 (ITU-T E.164; the Department of Telecommunications' numbering plan). */
export const phoneNumberSchema = v.pipe(
  v.string('expected a string'),
  v.regex(
    mobileNumber,
    'expected +91 and the ten digits of an Indian mobile number, without spaces: a landline gets no SMS',
  ),
  v.brand('PhoneNumber'),
);

/** A validated number, such as `+91` followed by ten digits. */
export type PhoneNumber = v.InferOutput<typeof phoneNumberSchema>;
