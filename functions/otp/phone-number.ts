/**
 * The phone number, in exactly one spelling. The schema refuses every other spelling and repairs none. An alias of a
 * number (spaces, a leading zero, digits of another script) would have its own set of limits for the same phone.
 *
 * Landlines get no SMS. Many STD codes begin with 6 to 9, as mobiles do, so the numbering plan decides. A number that the
 * plan allows to be a mobile is never refused. `npm run numbers` updates the plan.
 */
import * as v from 'valibot';
import { mobileStarts } from './mobile-starts.ts';

/** `+91`, five digits that the plan decides on, and any five more. Without look-ahead, so that every regex engine takes it. */
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
