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
  'request-otp.limited-by-block': {
    level: 'warn',
    meaning: 'The 1,000 numbers around this one have spent their window of ten minutes.',
    action: bySignIn,
  },
  'request-otp.denied': {
    level: 'warn',
    meaning: 'The number, or a prefix of it, is denied in the controls.',
    action: 'Nothing; npm run controls -- status shows what is denied.',
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
    meaning:
      'The share of the budget that reason names (whose, of the day or of the hour) is spent; those callers get no code until the hour or the day (UTC) is over.',
    action:
      'Find out whether it was users or a flood; then raise sendsPerDay or sendsPerHour and deploy. In a flood: npm run controls -- sending returning-devices.',
  },
  'request-otp.slowed': {
    level: 'error',
    meaning:
      'The conversion breaker is open: too few of this hour’s codes were typed in, so strangers get an SMS only now and then.',
    action:
      'A flood, or SMS that do not arrive: compare request-otp.sent and verify-otp.verified, then look at the client addresses in the access log. It ends by itself.',
  },
  'request-otp.unproven': {
    level: 'warn',
    meaning: 'The conversion breaker is open, or would be if it were enforced; this SMS was sent.',
    action: 'As for slowed.',
  },
  'request-otp.switched-off': {
    level: 'error',
    meaning: 'Sending is switched off in the controls, for all or for all but returning devices.',
    action: 'When it is over: npm run controls -- sending everybody.',
  },
  'request-otp.paused': {
    level: 'warn',
    meaning: 'This worker sends nothing for a while, because the provider failed several times in a row.',
    action: 'See the codes provider-… and unconfirmed before it, and the provider’s status page.',
  },
  'request-otp.provider-breaker': {
    level: 'error',
    meaning: 'A worker has stopped sending for a while: the provider failed several times in a row.',
    action: 'As for paused. It tries again by itself.',
  },
  'request-otp.test-number': {
    level: 'warn',
    meaning: 'A test number was used: no SMS, its fixed code.',
    action: 'Nothing, if it was the review of an app, or CI. Otherwise take it out: npm run controls.',
  },
  'request-otp.test-number-refused': {
    level: 'warn',
    meaning:
      'A test number was refused: its end date or testNumbersUntil is over, or its quota of the day is spent.',
    action: 'npm run controls -- status shows the dates.',
  },
  'request-otp.attestation-missing': {
    level: 'warn',
    meaning: 'Without a valid attestation, as reason says; it is only observed and was let through.',
    action: 'When this has become rare: set the mode of the app to require.',
  },
  'request-otp.controls-unreadable': {
    level: 'error',
    meaning: 'The controls cannot be read, or are malformed, as reason says; the last good ones serve.',
    action: 'npm run controls -- status says what is wrong; previous puts back what was there before.',
  },
  'admission.unauthorized': {
    level: 'info',
    meaning: 'The purpose needs a session of the adopter’s, and reason says why there was none.',
    action:
      'Nothing, unless it becomes frequent: then compare the setting session with the tokens of the issuer.',
  },
  'admission.app-not-attested': {
    level: 'warn',
    meaning: 'The app has to be attested, and reason says why it was not.',
    action: bySignIn,
  },
  'admission.keys-unavailable': {
    level: 'error',
    meaning: 'The keys of a foreign issuer cannot be had: session or attestation, as reason says.',
    action: 'See whether jwksUrl in the settings answers; the last good keys serve for a day.',
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
  'verify-otp.test-number': {
    level: 'warn',
    meaning: 'The code of a test number won; the token says test.',
    action: 'As for request-otp.test-number.',
  },
  'verify-otp.slowed': {
    level: 'error',
    meaning:
      'The guess breaker is open: so many wrong codes this hour, for all numbers together, that one guess goes through only now and then.',
    action:
      'Guessing all over the place: look at the client addresses in the access log. It ends with the hour.',
  },
  'verify-otp.guesses-high': {
    level: 'warn',
    meaning: 'The guess breaker is open, or would be if it were enforced.',
    action: 'As for slowed.',
  },
  'verify-otp.not-counted': {
    level: 'warn',
    meaning:
      'What the breakers learn from this code could not be written, as reason says; the user was served.',
    action: 'As for request-otp.reserve-unknown.',
  },
  'verify-otp.device-not-remembered': {
    level: 'warn',
    meaning: 'A code won, but its device could not be made known; the user signs in next time as a stranger.',
    action: 'As for request-otp.reserve-unknown.',
  },
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
