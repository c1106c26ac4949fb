/** The texts of the screens in English, the default language. */
import { noticesIn, spacedNumber, type Texts } from './language.ts';

/** `0:09`, `4:30`, `1 h`, `1 h 5 min`. */
function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}

function attempts(left: number | undefined): string {
  if (left === undefined) return '';
  if (left === 0) return ' No attempts are left for now.';
  return left === 1 ? ' One attempt is left.' : ` ${left} attempts are left.`;
}

export const english: Texts = {
  sms: { locale: 'en' },
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
  resendIn: (wait) => `Send again in ${wait}`,
  resending: 'Sending again…',
  expiresIn: (left) => `The code is valid for ${left}.`,
  expired: 'The code has probably expired.',
  changeNumber: 'Change number',
  starting: 'One moment…',
  signedIn: 'You’re signed in',
  goOn: 'Continue',
  reference: (reference) => `Reference: ${reference}`,
  noSms: (reference) => `No SMS? Tell support this reference: ${reference}`,
  duration,
  notice: noticesIn(
    {
      'invalid-number': 'Enter one mobile number with ten digits that starts with 6, 7, 8 or 9.',
      'malformed-code': 'There is no code in that, or more than one. Type the digits from the latest SMS.',
      'incorrect-code': ({ attemptsRemaining }) => `That code is not right.${attempts(attemptsRemaining)}`,
      'expired-code': 'That code is no longer valid. Ask for a new one.',
      unconfirmed: 'The SMS may take a little longer. Type the code when it comes.',
      offline: 'You seem to be offline. Check your connection and try again: no second SMS is sent.',
      timeout: 'The answer takes too long. Try again: no second SMS is sent.',
      'captive-portal': 'This network wants you to log in first. Open a web page, or use mobile data.',
      busy: 'The server is busy. Try again in a moment: no second SMS is sent.',
      blocked: 'This network does not let the app through. Try another network, or mobile data.',
      'wrong-address': 'The app does not find its server. Update the app and try again.',
      'too-many-requests': ({ wait = 'a moment' }) => `Too many codes were asked for. Try again in ${wait}.`,
      'too-many-attempts': ({ wait = 'a moment' }) => `Too many wrong codes. Try again in ${wait}.`,
      unavailable: ({ wait = 'a moment' }) => `Codes cannot be sent right now. Try again in ${wait}.`,
      'verify-unavailable': ({ wait = 'a moment' }) =>
        `The code cannot be checked right now. Try again in ${wait}; no new code is needed.`,
      unauthorized: 'Your session has ended. Sign in to the app again.',
      'app-not-attested': 'This copy of the app could not be verified. Install it from the store.',
      'server-fault': 'Something went wrong on the server. Try again in a moment.',
      'invalid-request': 'The server does not understand this version of the app. Update the app.',
      'headers-failed': 'The app could not get ready to ask. Check your connection and try again.',
      'app-fault': 'Something went wrong in the app. Try again.',
      unknown: 'This did not work. Update the app and try again.',
    },
    duration,
  ),
};
