/**
 * The sentence for the user. It says nothing of the provider, of a denied number or a test number, or of which limit it was: whoever calls
 * support may be an attacker, and a refusal of the API does not tell them either (decision 024).
 */
import { sessionWords } from '#session-calls';
import type { MessageStatus } from '../provider/message-status.ts';
import type { LogLine } from './log-line.ts';
import { clockTime } from './words.ts';

/** What the sentence depends on. Times are epoch seconds. */
export interface Told {
  readonly call: LogLine;
  readonly now: number;
  /** When the code of the SMS ends. */
  readonly codeEndsAt: number;
  readonly message: MessageStatus | undefined;
  /** The decision about the latest code that was typed in after the SMS. */
  readonly typed: string | undefined;
}

const askAgain = 'Ask for a new code in the app.';
const notYou = 'We could not send codes at that moment. It was not your phone or your number.';
const appProblem = 'Update the app, and try again.';

/** What to tell the user. */
export function tellUser(told: Told): string {
  const { call } = told;
  const { code } = call;
  if (sendCodes.has(code)) return afterSend(told);
  const ofSession = sessionWords(call);
  if (ofSession !== undefined) return ofSession.user;
  if (
    code === 'request-otp.denied' ||
    code.startsWith('request-otp.limited-by-') ||
    code === 'request-otp.test-number-refused'
  )
    return `There were several codes or calls in a short time. ${orLater(told)}`;
  if (code === 'verify-otp.too-many-attempts' || code === 'verify-otp.slowed')
    return `There were several wrong codes in a short time. ${orLater(told)}`;
  switch (code) {
    case 'request-otp.test-number':
      return 'If you test or review the app, type in the code from your instructions. If not, compare the number in the app digit by digit.';
    case 'request-otp.invalid':
      return 'Enter the ten digits of an Indian mobile number. If that is what you did, update the app.';
    case 'verify-otp.verified':
    case 'verify-otp.test-number':
      return 'The code was right, and you were signed in. If the app does not show it, close it and open it again.';
    case 'verify-otp.incorrect':
      return 'That code was not right. Type in the digits of the latest SMS.';
    case 'verify-otp.not-live':
    case 'verify-otp.outdated':
    case 'verify-otp.lost-race':
    case 'verify-otp.forged':
      return `That code is no longer valid, or was used already. ${askAgain}`;
    case 'verify-otp.invalid':
      return `Type in the six digits of the latest SMS. ${appProblem}`;
    case 'admission.unauthorized':
      return 'Sign in to the app again, and then repeat what you did.';
    case 'admission.app-not-attested':
      return 'Install the app from the store, and try again.';
    case 'request-otp.idempotency-mismatch':
      return appProblem;
    // Any function may have logged it.
    case 'secret.changed':
      return `We could not serve the app at that moment. It was not your phone or your number. ${orLater(told)}`;
    default:
      return code.startsWith('verify-otp.')
        ? `We could not check codes at that moment. ${orLater(told)}`
        : `${notYou} ${orLater(told)}`;
  }
}

const sendCodes: ReadonlySet<string> = new Set([
  'request-otp.sent',
  'request-otp.unconfirmed',
  'request-otp.replayed',
  'request-otp.provider-failed',
]);

/** Whether an SMS may have left with this decision. */
export function mayHaveSent({ code }: Pick<LogLine, 'code'>): boolean {
  return sendCodes.has(code);
}

function afterSend({ now, codeEndsAt, message, typed }: Told): string {
  if (typed === 'verify-otp.verified')
    return 'The code was typed in, and you were signed in. Nothing is left to do.';
  if (typed === 'verify-otp.not-live') return `The code was typed in after its time. ${askAgain}`;
  const isOver = now >= codeEndsAt;
  const goOn = isOver
    ? `Its code is no longer valid. ${askAgain}`
    : `Its code works until ${clockTime(codeEndsAt)}.`;
  if (message?.tag !== 'told') return `The SMS may have come late. ${goOn}`;
  switch (message.status) {
    case 'delivered':
      return `The SMS reached the phone of the number that was typed in. Compare that number, and look through your messages. ${goOn}`;
    case 'failed':
    case 'expired':
      return `The SMS could not be delivered. Check that the phone is on and has a signal. ${askAgain}`;
    case 'initiated':
    case 'queued':
    case 'sent':
      return `The SMS is on its way, and the mobile network is slow. ${goOn}`;
  }
}

function orLater({ call, now }: Told): string {
  const until = call.at + (call.retryAfterSeconds ?? 0);
  return until > now ? `You can try again at ${clockTime(until + 59)}.` : 'You can try again now.';
}
