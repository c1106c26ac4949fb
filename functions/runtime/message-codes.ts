/**
 * Every message code of the log, and what the person on call does. Each code is also the name of a metric that counts
 * it. What it means stands in `message-meanings.ts`; the README's table is made of both, and a test holds them together.
 */

interface Message {
  /** `info`: as it should be. `warn`: somebody's limit or mistake. `error`: somebody has to act. */
  readonly level: 'info' | 'warn' | 'error';
  readonly action: string;
}

const none = 'Nothing.';
const bySignIn = 'Nothing, unless it becomes frequent: then look at the client addresses in the access log.';
const byStoreSmsKey = 'Store a working key with the command that the stack prints as StoreSmsKey.';
const byKeyReason = `empty, malformed: ${byStoreSmsKey} Else: see whether Secrets Manager has an incident, or the function lost its right to the secret.`;
const byDashboard = 'Look into the StartMessaging dashboard.';

export const messages = {
  'request-otp.sent': { level: 'info', action: none },
  'request-otp.unconfirmed': {
    level: 'warn',
    action: 'If frequent: see whether the provider is slow (metric provider.latency).',
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
    action: 'Mend the app: a new key for each intention.',
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
    action: 'Nothing; npm run controls -- status shows what is denied.',
  },
  'request-otp.limited-by-sends': { level: 'info', action: bySignIn },
  'request-otp.limited-by-attempts': {
    level: 'warn',
    action: bySignIn,
  },
  'request-otp.limited-by-provider': {
    level: 'warn',
    action: 'Nothing: it passes.',
  },
  'request-otp.budget-spent': {
    level: 'error',
    action:
      'Find out whether it was users or a flood; then raise sendsPerDay or sendsPerHour and deploy. In a flood: npm run controls -- sending returning-devices.',
  },
  'request-otp.slowed': {
    level: 'error',
    action:
      'A flood, or SMS that do not arrive: compare request-otp.sent and verify-otp.verified, then look at the client addresses in the access log. It ends by itself.',
  },
  'request-otp.unproven': {
    level: 'warn',
    action: 'As for slowed.',
  },
  'request-otp.switched-off': {
    level: 'error',
    action: 'When it is over: npm run controls -- sending everybody.',
  },
  'request-otp.paused': {
    level: 'warn',
    action: 'See the codes provider-… and unconfirmed before it, and the provider’s status page.',
  },
  'request-otp.provider-breaker': {
    level: 'error',
    action: 'As for paused. The workers try again by themselves, one every few seconds.',
  },
  'request-otp.test-number': {
    level: 'warn',
    action: 'Nothing, if it was the review of an app, or CI. Otherwise take it out: npm run controls.',
  },
  'request-otp.test-number-refused': {
    level: 'warn',
    action: 'npm run controls -- status shows the dates.',
  },
  'request-otp.test-number-ignored': {
    level: 'warn',
    action: 'npm run controls -- status names it: remove-test-number, then add it again with a drawn code.',
  },
  'request-otp.attestation-missing': {
    level: 'warn',
    action: 'When this has become rare: set the mode of the app to require.',
  },
  'request-otp.controls-unreadable': {
    level: 'error',
    action: 'npm run controls -- status says what is wrong; previous puts back what was there before.',
  },
  'admission.unauthorized': {
    level: 'info',
    action:
      'Nothing, unless it becomes frequent: then compare the setting session with the tokens of the issuer.',
  },
  'admission.app-not-attested': {
    level: 'warn',
    action: bySignIn,
  },
  'admission.keys-unavailable': {
    level: 'error',
    action: 'See whether jwksUrl in the settings answers; the last good keys serve for a day.',
  },
  'request-otp.reserve-unknown': {
    level: 'error',
    action: 'See whether DynamoDB has an incident, or the function lost its right to the table.',
  },
  'request-otp.not-given-back': {
    level: 'warn',
    action: 'As for reserve-unknown.',
  },
  'request-otp.provider-failed': {
    level: 'error',
    action: `${byDashboard} See its status page.`,
  },
  'request-otp.provider-key': {
    level: 'error',
    action: byStoreSmsKey,
  },
  'request-otp.key-outdated': {
    level: 'warn',
    action:
      'Nothing: a key was revoked soon after a rotation. If frequent: see who keeps changing the secret.',
  },
  'request-otp.key-rejected': {
    level: 'error',
    action: `current: ${byStoreSmsKey} previous: nothing, if it was revoked on purpose.`,
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
    action: 'Check the template ids and the app name in the settings against the dashboard.',
  },
  'request-otp.provider-balance': {
    level: 'error',
    action: 'Top it up; numbers can ask again at once.',
  },
  'request-otp.provider-throttled': {
    level: 'error',
    action: 'If frequent: ask the provider for more, or lower requestRatePerSecond.',
  },
  'request-otp.provider-carrier': {
    level: 'warn',
    action: 'If frequent: see the provider’s status page.',
  },
  'request-otp.provider-unreachable': {
    level: 'error',
    action: 'See whether its name resolves and its certificate is valid.',
  },
  'request-otp.unavailable': {
    level: 'error',
    action: 'A variable name: its setting or secret. table: DynamoDB or the right to it.',
  },
  'request-otp.fault': {
    level: 'error',
    action: 'Report it.',
  },
  'verify-otp.verified': { level: 'info', action: none },
  'verify-otp.test-number': {
    level: 'warn',
    action: 'As for request-otp.test-number.',
  },
  'verify-otp.slowed': {
    level: 'error',
    action:
      'Guessing all over the place: look at the client addresses in the access log. It ends with the hour.',
  },
  'verify-otp.guesses-high': {
    level: 'warn',
    action: 'As for slowed.',
  },
  'verify-otp.not-counted': {
    level: 'warn',
    action: 'As for request-otp.reserve-unknown.',
  },
  'verify-otp.not-given-back': {
    level: 'warn',
    action: 'As for request-otp.reserve-unknown.',
  },
  'verify-otp.device-not-remembered': {
    level: 'warn',
    action: 'As for request-otp.reserve-unknown.',
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
    action: 'Nothing in the minutes after a deployment; else see whether old workers still answer.',
  },
  'verify-otp.too-many-attempts': {
    level: 'warn',
    action: bySignIn,
  },
  'verify-otp.code-key-unknown': {
    level: 'error',
    action: 'See who put a value into the code secret by hand.',
  },
  'verify-otp.invalid': {
    level: 'info',
    action: bySignIn,
  },
  'verify-otp.unavailable': {
    level: 'error',
    action:
      'As for request-otp.unavailable. SIGNING_SECRET_ARN empty: the first rotation has not run. unusable: a key in it signs nothing valid; move AWSCURRENT back to the version before.',
  },
  'verify-otp.fault': {
    level: 'error',
    action: 'Report it.',
  },
  'well-known.no-keys': {
    level: 'error',
    action: 'Run the rotation of the signing secret: it publishes them.',
  },
  'well-known.unavailable': {
    level: 'error',
    action: 'As for request-otp.unavailable.',
  },
  'well-known.fault': {
    level: 'error',
    action: 'Report it.',
  },
  'init.unready': {
    level: 'warn',
    action:
      'Nothing, unless it is frequent: the first request reads it anew. table, AccessDeniedException: the function lost its right to the item init.',
  },
  'secret.changed': {
    level: 'error',
    action:
      'Move AWSCURRENT back to the version before, at once: with another value every user is another user.',
  },
  'rotate-provider-key.done': {
    level: 'info',
    action: none,
  },
  'rotate-provider-key.failed': {
    level: 'error',
    action:
      'no-candidate: store it first. malformed, refused: store the right one. no-answer: start again later. Else: "Rotating" in the README.',
  },
  'rotate-provider-key.candidate-forgotten': {
    level: 'warn',
    action:
      'Promote it (npm run keys -- promote), or revoke that key in the dashboard and take its label off.',
  },
  'rotate-code-secret.done': {
    level: 'info',
    action: none,
  },
  'rotate-code-secret.failed': {
    level: 'error',
    action: 'If it does not pass: see whether the function lost a right. RotateSecret starts again.',
  },
  'rotate-signing-key.done': {
    level: 'info',
    action: none,
  },
  'rotate-signing-key.replaced': {
    level: 'warn',
    action: 'Nothing, if it was you. Otherwise find out who may invoke the function.',
  },
  'rotate-signing-key.failed': {
    level: 'error',
    action: 'Read the error beside it; RotateSecret starts again.',
  },
} as const satisfies Readonly<Record<string, Message>>;

export type MessageCode = keyof typeof messages;
