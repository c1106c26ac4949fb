/**
 * Which SMS is taken without a tap. Android hands over any SMS with a code in it that comes meanwhile, a bank's as well:
 * submitted, its code would cost one of the few attempts. What does not look like ours is only filled in.
 */
import { codeIn } from 'doorcode-client';

/** Words of a code to sign in with, in English and Hindi. */
const ofCodes = /\b(code|otp|passcode)\b|कोड|ओटीपी/i;

/** Words of money: no sign-in speaks of it. */
const ofMoney =
  /\b(rs|inr|txn|transaction|debit(ed)?|credit(ed)?|payment|a\/c|account|card|upi)\b|₹|रुप|भुगतान|खात/i;

/** Whether a text looks like the SMS of a sign-in, with one code of the right length. */
export function looksLikeOurs(text: string, codeLength: number): boolean {
  return codeIn(text, codeLength) !== undefined && ofCodes.test(text) && !ofMoney.test(text);
}
