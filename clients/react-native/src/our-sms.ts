/**
 * Decides which SMS is submitted without a tap. Android hands over any SMS with a code that comes meanwhile, also a bank's.
 * Submitting that code would cost one of the few attempts. The code of any other SMS is only filled in.
 */
import { codeIn } from 'doorcode-client';

/** Words of a code to sign in with, in English and Hindi. */
const ofCodes = /\b(code|otp|passcode)\b|कोड|ओटीपी/i;

/** Words about money, which no sign-in SMS contains. */
const ofMoney =
  /\b(rs|inr|txn|transaction|debit(ed)?|credit(ed)?|payment|a\/c|account|card|upi)\b|₹|रुप|भुगतान|खात/i;

/** Whether a text looks like the SMS of a sign-in, with one code of the right length. */
export function looksLikeOurs(text: string, codeLength: number): boolean {
  return codeIn(text, codeLength) !== undefined && ofCodes.test(text) && !ofMoney.test(text);
}
