/**
 * Every message code of the log, what it means and what the person on call does. Each code is also the name of a
 * metric that counts it. The README's table is this one; a test holds the two together.
 */

interface Message {
  /** `info`: as it should be. `warn`: somebody's limit or mistake. `error`: somebody has to act. */
  readonly level: 'info' | 'warn' | 'error';
  readonly meaning: string;
  readonly action: string;
}

const none = 'Nothing.';
const bySignIn = 'Nothing, unless it becomes frequent: then look at the client addresses in the access log.';
const byStoreSmsKey = 'Store a working key with the command that the stack prints as StoreSmsKey.';
const byKeyReason = `empty, malformed: ${byStoreSmsKey} Else: see whether Secrets Manager has an incident, or the function lost its right to the secret.`;
const byDashboard = 'Look into the StartMessaging dashboard.';

export const messages = {
  'request-otp.sent': { level: 'info', meaning: 'The provider took the SMS.', action: none },
  'request-otp.unconfirmed': {
    level: 'warn',
    meaning: 'The provider did not answer; the SMS may come, and the code works.',
    action: 'If frequent: see whether the provider is slow (metric provider.latency).',
  },
  'request-otp.replayed': {
    level: 'info',
    meaning: 'The same idempotency key again: answered as before, nothing sent.',
    action: none,
  },
  'request-otp.invalid': {
    level: 'info',
    meaning: 'The request was malformed (400, 413 or 415).',
    action: bySignIn,
  },
  'request-otp.idempotency-mismatch': {
    level: 'warn',
    meaning: 'The app used one idempotency key for two purposes.',
    action: 'Mend the app: a new key for each intention.',
  },
  'request-otp.limited-by-address': {
    level: 'warn',
    meaning: 'The client address has spent its window of ten minutes.',
    action: bySignIn,
  },
  'request-otp.limited-by-sends': { level: 'info', meaning: 'The number has had its SMS.', action: bySignIn },
  'request-otp.limited-by-attempts': {
    level: 'warn',
    meaning: 'The number has spent its guesses, so an SMS would be wasted.',
    action: bySignIn,
  },
  'request-otp.limited-by-provider': {
    level: 'warn',
    meaning: 'The provider has sent this number three SMS in five minutes, for all its customers together.',
    action: 'Nothing: it passes.',
  },
  'request-otp.budget-spent': {
    level: 'error',
    meaning: "The day's budget of SMS is spent; nobody gets a code until midnight UTC.",
    action: 'Find out whether it was users or a flood; then raise sendsPerDay and deploy.',
  },
  'request-otp.reserve-unknown': {
    level: 'error',
    meaning: 'The table did not say whether the reserve landed; it was released, nothing was sent.',
    action: 'See whether DynamoDB has an incident, or the function lost its right to the table.',
  },
  'request-otp.not-given-back': {
    level: 'warn',
    meaning: 'Nothing was sent, and the send or the budget could not be given back; it stays spent.',
    action: 'As for reserve-unknown.',
  },
  'request-otp.provider-failed': {
    level: 'error',
    meaning: 'The provider answered with an error that says nothing; an SMS may still come.',
    action: `${byDashboard} See its status page.`,
  },
  'request-otp.provider-key': {
    level: 'error',
    meaning: 'The provider refuses the key: revoked, mistyped, suspended, or our address is not on its list.',
    action: byStoreSmsKey,
  },
  'request-otp.key-outdated': {
    level: 'warn',
    meaning:
      'The provider refused a key, named by versionId, that a newer one had replaced meanwhile; that one was tried.',
    action:
      'Nothing: a key was revoked soon after a rotation. If frequent: see who keeps changing the secret.',
  },
  'request-otp.key-rejected': {
    level: 'error',
    meaning:
      'The provider refused the key named by versionId, the current or the previous one as reason says; sent tells whether another served.',
    action: `current: ${byStoreSmsKey} previous: nothing, if it was revoked on purpose.`,
  },
  'request-otp.key-unreadable': {
    level: 'error',
    meaning:
      'The stored key could not be read, or is no key: reason names it. The last good or the previous one serves.',
    action: byKeyReason,
  },
  'request-otp.no-key': {
    level: 'error',
    meaning: 'No key to send with: reason says why the stored one is of no use. Nobody gets a code.',
    action: byKeyReason,
  },
  'request-otp.provider-account': {
    level: 'error',
    meaning: 'The provider has not approved, or has suspended, the account.',
    action: byDashboard,
  },
  'request-otp.provider-request': {
    level: 'error',
    meaning: 'The provider calls our request malformed.',
    action: 'Check the template ids and the app name in the settings against the dashboard.',
  },
  'request-otp.provider-balance': {
    level: 'error',
    meaning: 'The wallet is empty.',
    action: 'Top it up; numbers can ask again at once.',
  },
  'request-otp.provider-throttled': {
    level: 'error',
    meaning: 'The provider throttles the account or our address.',
    action: 'If frequent: ask the provider for more, or lower requestRatePerSecond.',
  },
  'request-otp.provider-carrier': {
    level: 'warn',
    meaning: 'The carrier refused the SMS or timed out.',
    action: 'If frequent: see the provider’s status page.',
  },
  'request-otp.provider-unreachable': {
    level: 'error',
    meaning: 'No connection to the provider came up, twice.',
    action: 'See whether its name resolves and its certificate is valid.',
  },
  'request-otp.unavailable': {
    level: 'error',
    meaning: 'Something that the function needs failed: dependency and reason name it.',
    action: 'A variable name: its setting or secret. table: DynamoDB or the right to it.',
  },
  'request-otp.fault': {
    level: 'error',
    meaning: 'A bug of ours; reason names the error.',
    action: 'Report it.',
  },
  'verify-otp.verified': { level: 'info', meaning: 'A code won; a token was signed.', action: none },
  'verify-otp.incorrect': { level: 'info', meaning: 'A wrong code for a live request.', action: bySignIn },
  'verify-otp.forged': {
    level: 'warn',
    meaning: 'A requestId that we did not make, or that was altered.',
    action: bySignIn,
  },
  'verify-otp.not-live': {
    level: 'info',
    meaning: 'The request has expired, was used, or was replaced.',
    action: none,
  },
  'verify-otp.lost-race': {
    level: 'info',
    meaning: 'The same code won in another request meanwhile.',
    action: none,
  },
  'verify-otp.too-many-attempts': {
    level: 'warn',
    meaning: 'The number has spent its guesses.',
    action: bySignIn,
  },
  'verify-otp.code-key-unknown': {
    level: 'error',
    meaning: 'The code was hashed with a version of the code secret that does not exist any longer.',
    action: 'See who put a value into the code secret by hand.',
  },
  'verify-otp.invalid': {
    level: 'info',
    meaning: 'The request was malformed (400, 413 or 415).',
    action: bySignIn,
  },
  'verify-otp.unavailable': {
    level: 'error',
    meaning: 'Something that the function needs failed: dependency and reason name it.',
    action: 'As for request-otp.unavailable. SIGNING_SECRET_ARN empty: the first rotation has not run.',
  },
  'verify-otp.fault': {
    level: 'error',
    meaning: 'A bug of ours; reason names the error.',
    action: 'Report it.',
  },
  'well-known.no-keys': {
    level: 'error',
    meaning: 'No public keys are in the table.',
    action: 'Run the rotation of the signing secret: it publishes them.',
  },
  'well-known.unavailable': {
    level: 'error',
    meaning: 'The table did not answer, or a variable is missing.',
    action: 'As for request-otp.unavailable.',
  },
  'well-known.fault': {
    level: 'error',
    meaning: 'A bug of ours; reason names the error.',
    action: 'Report it.',
  },
  'secret.changed': {
    level: 'error',
    meaning: 'The identity secret has another value than when this worker started; it serves nobody.',
    action:
      'Move AWSCURRENT back to the version before, at once: with another value every user is another user.',
  },
  'rotate-provider-key.done': {
    level: 'info',
    meaning: 'A step of the hand-over of the provider’s key is done; reason names it.',
    action: none,
  },
  'rotate-provider-key.failed': {
    level: 'error',
    meaning:
      'The candidate did not become the current key; reason names the step and why. The key in use is untouched.',
    action:
      'no-candidate: store it first. malformed, refused: store the right one. no-answer: start again later. Else: "Rotating" in the README.',
  },
  'rotate-provider-key.candidate-forgotten': {
    level: 'warn',
    meaning: 'A candidate of the provider’s key has waited for more than a day.',
    action:
      'Promote it (npm run keys -- promote), or revoke that key in the dashboard and take its label off.',
  },
  'rotate-code-secret.done': {
    level: 'info',
    meaning: 'A step of the rotation of the code secret is done; reason names it.',
    action: none,
  },
  'rotate-code-secret.failed': {
    level: 'error',
    meaning: 'A step of that rotation failed; reason names it and why. The secret in use is untouched.',
    action: 'If it does not pass: see whether the function lost a right. RotateSecret starts again.',
  },
  'rotate-signing-key.done': {
    level: 'info',
    meaning: 'A step of the rotation is done; reason names it.',
    action: none,
  },
  'rotate-signing-key.replaced': {
    level: 'warn',
    meaning: 'Somebody made a new signing key active at once.',
    action: 'Nothing, if it was you. Otherwise find out who may invoke the function.',
  },
  'rotate-signing-key.failed': {
    level: 'error',
    meaning: 'A step of the rotation failed; reason names it. The keys in use are untouched.',
    action: 'Read the error beside it; RotateSecret starts again.',
  },
} as const satisfies Readonly<Record<string, Message>>;

export type MessageCode = keyof typeof messages;
