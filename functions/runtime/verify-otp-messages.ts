/** Every message that verify-otp logs. Its bundle has these and no others: `#messages` in package.json names this file for it. */
import {
  byDependency,
  byReport,
  bySignerOrDependency,
  bySignIn,
  byTable,
  byTestNumber,
  commonMessages,
  error,
  info,
  type Message,
  none,
  warn,
} from './common-messages.ts';

const byGuesses =
  'Somebody guesses codes of many numbers. Look at the client addresses in the access log. The breaker closes with the hour.';

export const messages = {
  'verify-otp.verified': info(none),
  'verify-otp.test-number': warn(byTestNumber),
  'verify-otp.slowed': error(byGuesses),
  'verify-otp.guesses-high': warn(byGuesses),
  'verify-otp.not-counted': warn(byTable),
  'verify-otp.not-given-back': warn(byTable),
  'verify-otp.device-not-remembered': warn(byTable),
  'verify-otp.session-not-started': warn(
    'Nothing, unless it is frequent. Then, for reason not-before, see whether sessions.notBefore lies in the future.',
  ),
  'verify-otp.session-unavailable': error(
    `Reason names the dependency. ${byDependency} AbortError or TimeoutError alone: the request had no time left, so look for what was slow. Any other reason: report the bug.`,
  ),
  'verify-otp.sessions-evicted': info('Nothing. If users complain, raise sessions.perNumber.'),
  'verify-otp.sessions-not-pruned': warn(byTable),
  'verify-otp.incorrect': info(bySignIn),
  'verify-otp.forged': warn(bySignIn),
  'verify-otp.not-live': info(none),
  'verify-otp.lost-race': info(none),
  'verify-otp.outdated': info(
    'Nothing in the minutes after a deployment. Later, check whether old workers still answer.',
  ),
  'verify-otp.too-many-attempts': warn(bySignIn),
  'verify-otp.code-key-unknown': error('Find out who wrote a value into the code secret by hand.'),
  'verify-otp.invalid': info(bySignIn),
  'verify-otp.unavailable': error(bySignerOrDependency),
  'verify-otp.fault': error(byReport),
  ...commonMessages,
} satisfies Readonly<Record<string, Message>>;
