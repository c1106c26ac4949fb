/** Every word that the screens say. Give another object for another language; the numbers in it are yours to place. */
import type { Notice } from './notice.ts';

export interface Texts {
  readonly numberTitle: string;
  readonly numberHint: string;
  readonly numberLabel: string;
  readonly send: string;
  readonly sending: string;
  readonly codeTitle: string;
  readonly codeHint: (phoneNumber: string) => string;
  readonly codeLabel: (codeLength: number) => string;
  readonly verify: string;
  readonly verifying: string;
  readonly resend: string;
  readonly resendIn: (time: string) => string;
  readonly resending: string;
  readonly expiresIn: (time: string) => string;
  readonly expired: string;
  readonly changeNumber: string;
  readonly starting: string;
  readonly signedIn: string;
  readonly reference: (reference: string) => string;
  readonly notice: (notice: Notice) => string;
}

/** `0:09`, `4:30`, `1 h 5 min`. */
export function clockTime(seconds: number): string {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `+91 98765 43210`, in one line. */
function spacedNumber(phoneNumber: string): string {
  return phoneNumber.replace(/^(\+91)(\d{5})(\d{5})$/, '$1\u00a0$2\u00a0$3');
}

function attempts(left: number | undefined): string {
  if (left === undefined) return '';
  if (left === 0) return ' No attempts are left for now.';
  return left === 1 ? ' One attempt is left.' : ` ${left} attempts are left.`;
}

function englishNotice({ reason, until, attemptsRemaining }: Notice): string {
  const wait = until === undefined ? 'a moment' : clockTime(until.seconds);
  switch (reason) {
    case 'invalid-number':
      return 'Enter a mobile number with ten digits that starts with 6, 7, 8 or 9.';
    case 'malformed-code':
      return 'There is no code in that. Type the digits from the SMS.';
    case 'incorrect-code':
      return `That code is not right.${attempts(attemptsRemaining)}`;
    case 'expired-code':
      return 'That code is no longer valid. Ask for a new one.';
    case 'unconfirmed':
      return 'The SMS may take a little longer. Type the code when it comes.';
    case 'offline':
      return 'You seem to be offline. Check your connection and try again: no second SMS is sent.';
    case 'timeout':
      return 'The answer takes too long. Try again: no second SMS is sent.';
    case 'captive-portal':
      return 'This network wants you to log in first. Open a web page, or use mobile data.';
    case 'busy':
      return 'The server is busy. Try again in a moment: no second SMS is sent.';
    case 'too-many-requests':
      return `Too many codes were asked for. Try again in ${wait}.`;
    case 'too-many-attempts':
      return `Too many wrong codes. Try again in ${wait}.`;
    case 'unavailable':
      return `Codes cannot be sent right now. Try again in ${wait}.`;
    case 'unauthorized':
      return 'Your session has ended. Sign in to the app again.';
    case 'app-not-attested':
      return 'This copy of the app could not be verified. Install it from the store.';
    case 'unknown':
      return 'This did not work. Update the app and try again.';
  }
}

/** The default. */
export const english: Texts = {
  numberTitle: 'What’s your number?',
  numberHint: 'We’ll text you a code to sign in.',
  numberLabel: 'Mobile number',
  send: 'Send code',
  sending: 'Sending…',
  codeTitle: 'Enter the code',
  codeHint: (phoneNumber) => `We sent an SMS to ${spacedNumber(phoneNumber)}.`,
  codeLabel: (codeLength) => `${codeLength}-digit code`,
  verify: 'Continue',
  verifying: 'Checking…',
  resend: 'Send again',
  resendIn: (time) => `Send again in ${time}`,
  resending: 'Sending again…',
  expiresIn: (time) => `The code is valid for ${time}.`,
  expired: 'The code has probably expired.',
  changeNumber: 'Change number',
  starting: 'One moment…',
  signedIn: 'You’re signed in',
  reference: (reference) => `Reference: ${reference}`,
  notice: englishNotice,
};
