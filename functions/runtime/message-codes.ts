/**
 * Every message code of the log, and what the person on call does about it. Each code is also the name of a metric that
 * counts it. `message-meanings.ts` says what each code means. `npm run docs` writes both into docs/on-call.md.
 * The file is long because it is a list.
 */

interface Message {
  /** `info`: normal. `warn`: a caller hit a limit or made a mistake. `error`: somebody has to act. */
  readonly level: 'info' | 'warn' | 'error';
  readonly action: string;
}

const none = 'Nothing.';
const bySignIn = 'Nothing, unless it becomes frequent. Then look at the client addresses in the access log.';
const byStoreSmsKey = 'Store a working key with the command in the stack output StoreSmsKey.';
const byKeyReason = `Reason empty or malformed: ${byStoreSmsKey} Any other reason: check whether Secrets Manager has an incident or the function lost its right to the secret.`;
const byDashboard = 'Look at the StartMessaging dashboard.';
const byProvider =
  'Look at the codes provider-… and unconfirmed before it, and at the provider’s status page.';
const byTable = 'Check whether DynamoDB has an incident or the function lost its right to the table.';
const byDependency = `Dependency table: ${byTable} Dependency a variable: check its setting or secret.`;
const byConversion =
  'A flood, or SMS that do not arrive. Compare request-otp.sent with verify-otp.verified, then look at the client addresses in the access log. The breaker closes by itself.';
const byGuesses =
  'Somebody guesses codes of many numbers. Look at the client addresses in the access log. The breaker closes with the hour.';
const byTestNumber =
  'Nothing, if an app review or your CI used it. Otherwise remove it: npm run controls -- remove-test-number.';
const byReport = 'Report the bug with the error in reason.';

export const messages = {
  'request-otp.sent': { level: 'info', action: none },
  'request-otp.unconfirmed': {
    level: 'warn',
    action: 'If frequent, check whether the provider is slow (metric provider.latency).',
  },
  'request-otp.replayed': {
    level: 'info',
    action: none,
  },
  'request-otp.invalid': {
    level: 'info',
    action: bySignIn,
  },
  'request-otp.idempotency-mismatch': {
    level: 'warn',
    action: 'Fix the app: it must draw a new key for each send.',
  },
  'request-otp.limited-by-address': {
    level: 'warn',
    action: bySignIn,
  },
  'request-otp.limited-by-block': {
    level: 'warn',
    action: bySignIn,
  },
  'request-otp.denied': {
    level: 'warn',
    action: 'Nothing. npm run controls -- status lists the denied numbers and prefixes.',
  },
  'request-otp.limited-by-sends': { level: 'info', action: bySignIn },
  'request-otp.limited-by-attempts': {
    level: 'warn',
    action: bySignIn,
  },
  'request-otp.limited-by-provider': {
    level: 'warn',
    action: 'Nothing. The provider lifts this limit within five minutes.',
  },
  'request-otp.budget-spent': {
    level: 'error',
    action:
      'Find out whether users or a flood spent it. Users: raise sendsPerDay or sendsPerHour and deploy. A flood: npm run controls -- sending returning-devices.',
  },
  'request-otp.slowed': {
    level: 'error',
    action: byConversion,
  },
  'request-otp.unproven': {
    level: 'warn',
    action: byConversion,
  },
  'request-otp.switched-off': {
    level: 'error',
    action: 'When the incident is over, run npm run controls -- sending everybody.',
  },
  'request-otp.paused': {
    level: 'warn',
    action: byProvider,
  },
  'request-otp.provider-breaker': {
    level: 'error',
    action: `${byProvider} Each worker retries by itself every few seconds.`,
  },
  'request-otp.test-number': {
    level: 'warn',
    action: byTestNumber,
  },
  'request-otp.test-number-refused': {
    level: 'warn',
    action: 'Run npm run controls -- status: it prints the end dates.',
  },
  'request-otp.test-number-ignored': {
    level: 'warn',
    action:
      'Run npm run controls -- status: it names the number. Remove it (remove-test-number), then add it again with a random code.',
  },
  'request-otp.attestation-missing': {
    level: 'warn',
    action: 'When this has become rare, set the attestation mode of the app to require.',
  },
  'request-otp.controls-unreadable': {
    level: 'error',
    action:
      'Run npm run controls -- status: it says what is wrong. npm run controls -- previous restores the version before.',
  },
  'admission.unauthorized': {
    level: 'info',
    action: 'Nothing, unless it becomes frequent. Then compare the setting session with the issuer’s tokens.',
  },
  'admission.app-not-attested': {
    level: 'warn',
    action: bySignIn,
  },
  'admission.keys-unavailable': {
    level: 'error',
    action: 'Check whether jwksUrl in the settings answers. Workers use the last good keys for a day.',
  },
  'request-otp.reserve-unknown': {
    level: 'error',
    action: byTable,
  },
  'request-otp.not-given-back': {
    level: 'warn',
    action: byTable,
  },
  'request-otp.provider-failed': {
    level: 'error',
    action: `${byDashboard} Check its status page.`,
  },
  'request-otp.provider-key': {
    level: 'error',
    action: byStoreSmsKey,
  },
  'request-otp.key-outdated': {
    level: 'warn',
    action:
      'Nothing: somebody revoked a key soon after a rotation. If frequent, find out who keeps changing the secret.',
  },
  'request-otp.key-rejected': {
    level: 'error',
    action: `Reason current: ${byStoreSmsKey} Reason previous: nothing, if you revoked it on purpose.`,
  },
  'request-otp.key-unreadable': {
    level: 'error',
    action: byKeyReason,
  },
  'request-otp.no-key': {
    level: 'error',
    action: byKeyReason,
  },
  'request-otp.provider-account': {
    level: 'error',
    action: byDashboard,
  },
  'request-otp.provider-request': {
    level: 'error',
    action: 'Compare the template ids and the app name in the settings with the StartMessaging dashboard.',
  },
  'request-otp.provider-balance': {
    level: 'error',
    action: 'Check the wallet and top it up. Refused numbers can ask again at once.',
  },
  'request-otp.provider-throttled': {
    level: 'error',
    action: 'If frequent, ask the provider for a higher rate, or lower requestRatePerSecond.',
  },
  'request-otp.provider-carrier': {
    level: 'warn',
    action: 'If frequent, check the provider’s status page.',
  },
  'request-otp.provider-unreachable': {
    level: 'error',
    action: 'Check whether the provider’s name resolves and its certificate is valid.',
  },
  'request-otp.unavailable': {
    level: 'error',
    action: byDependency,
  },
  'request-otp.fault': {
    level: 'error',
    action: byReport,
  },
  'verify-otp.verified': { level: 'info', action: none },
  'verify-otp.test-number': {
    level: 'warn',
    action: byTestNumber,
  },
  'verify-otp.slowed': {
    level: 'error',
    action: byGuesses,
  },
  'verify-otp.guesses-high': {
    level: 'warn',
    action: byGuesses,
  },
  'verify-otp.not-counted': {
    level: 'warn',
    action: byTable,
  },
  'verify-otp.not-given-back': {
    level: 'warn',
    action: byTable,
  },
  'verify-otp.device-not-remembered': {
    level: 'warn',
    action: byTable,
  },
  'verify-otp.incorrect': { level: 'info', action: bySignIn },
  'verify-otp.forged': {
    level: 'warn',
    action: bySignIn,
  },
  'verify-otp.not-live': {
    level: 'info',
    action: none,
  },
  'verify-otp.lost-race': {
    level: 'info',
    action: none,
  },
  'verify-otp.outdated': {
    level: 'info',
    action: 'Nothing in the minutes after a deployment. Later, check whether old workers still answer.',
  },
  'verify-otp.too-many-attempts': {
    level: 'warn',
    action: bySignIn,
  },
  'verify-otp.code-key-unknown': {
    level: 'error',
    action: 'Find out who wrote a value into the code secret by hand.',
  },
  'verify-otp.invalid': {
    level: 'info',
    action: bySignIn,
  },
  'verify-otp.unavailable': {
    level: 'error',
    action: `${byDependency} SIGNING_SECRET_ARN empty: the first rotation has not run. SIGNING_SECRET_ARN unusable: a key in it signs nothing valid, so move AWSCURRENT back to the version before.`,
  },
  'verify-otp.fault': {
    level: 'error',
    action: byReport,
  },
  'well-known.no-keys': {
    level: 'error',
    action: 'Run the rotation of the signing secret: it publishes the keys.',
  },
  'well-known.unavailable': {
    level: 'error',
    action: byDependency,
  },
  'well-known.fault': {
    level: 'error',
    action: byReport,
  },
  'init.unready': {
    level: 'warn',
    action:
      'Nothing, unless it is frequent: the first request reads it again. Dependency table with AccessDeniedException: the function lost its right to the item init.',
  },
  'secret.changed': {
    level: 'error',
    action:
      'Move AWSCURRENT back to the version before, at once: with another value every user gets another user id.',
  },
  'rotate-provider-key.done': {
    level: 'info',
    action: none,
  },
  'rotate-provider-key.failed': {
    level: 'error',
    action:
      'no-candidate: store the candidate first. malformed or refused: store the right key. no-answer: start again later. Any other reason: see docs/security-team.md.',
  },
  'rotate-provider-key.candidate-forgotten': {
    level: 'warn',
    action:
      'Promote it (npm run keys -- promote), or revoke that key in the StartMessaging dashboard and remove the label CANDIDATE.',
  },
  'rotate-code-secret.done': {
    level: 'info',
    action: none,
  },
  'rotate-code-secret.failed': {
    level: 'error',
    action: 'If it goes on, check whether the function lost a right. RotateSecret starts the rotation again.',
  },
  'rotate-session-secret.done': {
    level: 'info',
    action: none,
  },
  'rotate-session-secret.failed': {
    level: 'error',
    action:
      'too-soon: somebody started it, or the secret was replaced by hand; wait for the next one. too-late: start it again. Otherwise, if it goes on, check whether the function lost a right.',
  },
  'rotate-signing-key.done': {
    level: 'info',
    action: none,
  },
  'rotate-signing-key.replaced': {
    level: 'warn',
    action: 'Nothing, if you did it. Otherwise find out who may invoke the function.',
  },
  'rotate-signing-key.failed': {
    level: 'error',
    action: 'Read the error beside it. RotateSecret starts the rotation again.',
  },
} as const satisfies Readonly<Record<string, Message>>;

export type MessageCode = keyof typeof messages;
