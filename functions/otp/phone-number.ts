/**
 * The phone number, in exactly one spelling. It refuses every other one instead of repairing it: an alias of a
 * number (spaces, a leading zero, digits of another script) would be a second set of limits for the same phone.
 */
import * as v from 'valibot';

/** An Indian mobile number in E.164 (ITU-T E.164, TRAI numbering plan: subscriber numbers start with 6 to 9). */
export const phoneNumberSchema = v.pipe(
  v.string('expected a string'),
  v.regex(/^\+91[6-9][0-9]{9}$/, 'expected +91 and ten digits, the first of them 6 to 9, without spaces'),
  v.brand('PhoneNumber'),
);

/** A validated number, such as `+91` followed by ten digits. */
export type PhoneNumber = v.InferOutput<typeof phoneNumberSchema>;
