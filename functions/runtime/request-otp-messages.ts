/** Every message that request-otp logs. Its bundle has these and no others: `#messages` in package.json names this file for it. */
import {
  byDependency,
  byReport,
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

const byStoreSmsKey = 'Store a working key with the command in the stack output StoreSmsKey.';
const byKeyReason = `Reason empty or malformed: ${byStoreSmsKey} Any other reason: check whether Secrets Manager has an incident or the function lost its right to the secret.`;
const byDashboard = 'Look at the StartMessaging dashboard.';
const byProvider =
  'Look at the codes provider-… and unconfirmed before it, and at the provider’s status page.';
const byConversion =
  'A flood, or SMS that do not arrive. Compare request-otp.sent with verify-otp.verified, then look at the client addresses in the access log. The breaker closes by itself.';

export const messages = {
  'request-otp.sent': info(none),
  'request-otp.unconfirmed': warn(
    'If frequent, check whether the provider is slow (metric provider.latency).',
  ),
  'request-otp.replayed': info(none),
  'request-otp.invalid': info(bySignIn),
  'request-otp.idempotency-mismatch': warn('Fix the app: it must draw a new key for each send.'),
  'request-otp.limited-by-address': warn(bySignIn),
  'request-otp.limited-by-block': warn(bySignIn),
  'request-otp.denied': warn('Nothing. npm run controls -- status lists the denied numbers and prefixes.'),
  'request-otp.limited-by-sends': info(bySignIn),
  'request-otp.limited-by-attempts': warn(bySignIn),
  'request-otp.limited-by-provider': warn('Nothing. The provider lifts this limit within five minutes.'),
  'request-otp.budget-spent': error(
    'Find out whether users or a flood spent it. Users: raise sendsPerDay or sendsPerHour and deploy. A flood: npm run controls -- sending returning-devices.',
  ),
  'request-otp.slowed': error(byConversion),
  'request-otp.unproven': warn(byConversion),
  'request-otp.switched-off': error('When the incident is over, run npm run controls -- sending everybody.'),
  'request-otp.paused': warn(byProvider),
  'request-otp.provider-breaker': error(`${byProvider} Each worker retries by itself every few seconds.`),
  'request-otp.test-number': warn(byTestNumber),
  'request-otp.test-number-refused': warn('Run npm run controls -- status: it prints the end dates.'),
  'request-otp.test-number-ignored': warn(
    'Run npm run controls -- status: it names the number. Remove it (remove-test-number), then add it again with a random code.',
  ),
  'request-otp.controls-unreadable': error(
    'Run npm run controls -- status: it says what is wrong. npm run controls -- previous restores the version before.',
  ),
  'request-otp.reserve-unknown': error(byTable),
  'request-otp.not-given-back': warn(byTable),
  'request-otp.provider-failed': error(`${byDashboard} Check its status page.`),
  'request-otp.provider-key': error(byStoreSmsKey),
  'request-otp.key-outdated': warn(
    'Nothing: somebody revoked a key soon after a rotation. If frequent, find out who keeps changing the secret.',
  ),
  'request-otp.key-rejected': error(
    `Reason current: ${byStoreSmsKey} Reason previous: nothing, if you revoked it on purpose.`,
  ),
  'request-otp.key-unreadable': error(byKeyReason),
  'request-otp.no-key': error(byKeyReason),
  'request-otp.provider-account': error(byDashboard),
  'request-otp.provider-request': error(
    'Compare the template ids and the app name in the settings with the StartMessaging dashboard.',
  ),
  'request-otp.provider-balance': error(
    'Check the wallet and top it up. Refused numbers can ask again at once.',
  ),
  'request-otp.provider-throttled': error(
    'If frequent, ask the provider for a higher rate, or lower requestRatePerSecond.',
  ),
  'request-otp.provider-carrier': warn('If frequent, check the provider’s status page.'),
  'request-otp.provider-unreachable': error(
    'Check whether the provider’s name resolves and its certificate is valid.',
  ),
  'request-otp.unavailable': error(byDependency),
  'request-otp.fault': error(byReport),
  ...commonMessages,
} satisfies Readonly<Record<string, Message>>;
