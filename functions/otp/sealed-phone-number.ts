/**
 * The number inside a seal, read again. request-otp checked it against the numbering plan before it was sealed. Here only its
 * form counts: a newer plan must not make a code invalid that is already under way.
 */
import * as v from 'valibot';

/** `+91` and the ten digits of a number that request-otp took (ITU-T E.164). */
export const sealedPhoneNumberSchema = v.pipe(
  v.string(),
  v.regex(/^\+91[6-9][0-9]{9}$/),
  v.brand('PhoneNumber'),
);
