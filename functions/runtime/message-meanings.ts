/**
 * What each message code means, for people. The documented table has these texts beside the actions. They stand apart
 * from the codes, because no function logs a meaning and every bundle would carry them.
 */
import type { MessageCode } from './message-codes.ts';

export const meanings: Readonly<Record<MessageCode, string>> = {
  'request-otp.sent': 'The provider accepted the SMS.',
  'request-otp.unconfirmed':
    'The provider did not answer in time. The SMS may still arrive, and its code works.',
  'request-otp.replayed':
    'The app repeated an idempotency key. It got the same answer, and nothing was sent.',
  'request-otp.invalid': 'The request was malformed (400, 413 or 415).',
  'request-otp.idempotency-mismatch': 'The app used one idempotency key for two different requests.',
  'request-otp.limited-by-address': 'The client address has used up its limit of ten minutes.',
  'request-otp.limited-by-block':
    'The block of 1,000 numbers around this one has used up its limit of ten minutes.',
  'request-otp.denied': 'The controls deny the number or a prefix of it.',
  'request-otp.limited-by-sends': 'The number has used up its SMS limit.',
  'request-otp.limited-by-attempts': 'The number has used up its guesses, so another SMS would be wasted.',
  'request-otp.limited-by-provider':
    'The provider limits each number to three SMS in five minutes, across all its customers, and this number is over it.',
  'request-otp.budget-spent':
    'A budget is used up; reason names whose, and whether of the day or the hour. Those callers get no code until that day or hour (UTC) ends.',
  'request-otp.slowed':
    'The conversion breaker is open: users typed in too few codes of this hour. Strangers get an SMS only now and then.',
  'request-otp.unproven': 'The conversion breaker is open, or would be in mode enforce. This SMS was sent.',
  'request-otp.switched-off':
    'The controls switched sending off, for everybody or for everybody but returning devices.',
  'request-otp.paused':
    'This worker pauses sending for a few seconds, because the provider failed several times in a row.',
  'request-otp.provider-breaker':
    'The provider breaker opened: the provider failed several times in a row, or its latest trial send failed. A worker pauses sending for a few seconds.',
  'request-otp.test-number': 'Somebody used a test number. It got no SMS and has a fixed code.',
  'request-otp.test-number-refused':
    'A test number was refused: its end date or testNumbersUntil has passed, or its daily quota is used up.',
  'request-otp.test-number-ignored':
    'The code of a test number in the controls is easy to guess; reason says why. The number counts as an ordinary one and gets an SMS.',
  'request-otp.attestation-missing':
    'The request had no valid attestation; reason says why. The mode is observe, so it was served.',
  'request-otp.controls-unreadable':
    'The worker cannot read the controls, or they are malformed; reason says which. It uses the last good ones.',
  'admission.unauthorized':
    'The purpose needs a session of your own issuer, and the request had no valid one; reason says why.',
  'admission.app-not-attested':
    'The app must be attested, and the request had no valid attestation; reason says why.',
  'admission.keys-unavailable':
    'The worker cannot fetch the keys of a foreign issuer; reason says whether for session or attestation.',
  'request-otp.reserve-unknown':
    'The table did not say whether the reservation was written. The worker released it and sent nothing.',
  'request-otp.not-given-back':
    'Nothing was sent, but the worker could not give back the send, the budget or the address count. It stays used.',
  'request-otp.provider-failed': 'The provider answered with an unspecific error. An SMS may still arrive.',
  'request-otp.provider-key':
    'The provider refuses the key: it is revoked, mistyped or suspended, or our address is not on the allow list.',
  'request-otp.key-outdated':
    'The provider refused the key versionId, which a newer one had already replaced. The worker tried the newer one.',
  'request-otp.key-rejected':
    'The provider refused the key versionId; reason says whether it is the current or the previous one. A line request-otp.sent shows that another key worked.',
  'request-otp.key-unreadable':
    'The worker cannot read the stored key, or its value is not a key; reason says which. The worker uses the last good or the previous key.',
  'request-otp.no-key': 'The worker has no key to send with; reason says why. Nobody gets a code.',
  'request-otp.provider-account': 'The provider has not approved the account, or has suspended it.',
  'request-otp.provider-request': 'The provider rejects our request as malformed.',
  'request-otp.provider-balance': 'The wallet at the provider is empty.',
  'request-otp.provider-throttled': 'The provider throttles the account or our address.',
  'request-otp.provider-carrier': 'The carrier refused the SMS or timed out.',
  'request-otp.provider-unreachable': 'The worker could not connect to the provider, twice.',
  'request-otp.unavailable': 'Something the function depends on failed; dependency and reason name it.',
  'request-otp.fault': 'A bug in Doorcode; reason names the error.',
  'verify-otp.verified': 'A code was right, and the worker signed a token.',
  'verify-otp.test-number': 'The code of a test number was right. The token has the claim test.',
  'verify-otp.slowed':
    'The guess breaker is open: this hour has too many wrong codes across all numbers. After the first guess at a code, another goes through only now and then.',
  'verify-otp.guesses-high': 'The guess breaker is open, or would be in mode enforce.',
  'verify-otp.not-counted':
    'The worker could not write this result to the breakers’ counters; reason says why. The user was served.',
  'verify-otp.not-given-back':
    'The worker could not give back a guess that the guess breaker refused. The guess still counts for its number.',
  'verify-otp.device-not-remembered':
    'A code was right, but the worker could not remember the device. Next time that device counts as a stranger.',
  'verify-otp.incorrect': 'A wrong code for an open request.',
  'verify-otp.forged': 'The requestId is not one of ours, or somebody altered it.',
  'verify-otp.not-live': 'The request has expired, was used, or was replaced.',
  'verify-otp.lost-race': 'The same code was accepted in another request at the same moment.',
  'verify-otp.outdated':
    'The code was requested under older settings that no longer apply. The app asks for a new one.',
  'verify-otp.too-many-attempts': 'The number has used up its guesses.',
  'verify-otp.code-key-unknown':
    'The code was hashed with a version of the code secret that no longer exists.',
  'verify-otp.invalid': 'The request was malformed (400, 413 or 415).',
  'verify-otp.unavailable': 'Something the function depends on failed; dependency and reason name it.',
  'verify-otp.fault': 'A bug in Doorcode; reason names the error.',
  'well-known.no-keys': 'The table holds no public keys.',
  'well-known.unavailable': 'The table did not answer, or a variable is missing.',
  'well-known.fault': 'A bug in Doorcode; reason names the error.',
  'init.unready': 'A worker started without something it could not read in time; dependency names it.',
  'secret.changed':
    'The identity secret differs from the one this worker started with. The worker serves nobody.',
  'support.asked':
    'Somebody asked about a call or a number (npm run support -- why); reason says which, askedBy who.',
  'support.forgot': 'Somebody removed a number from the table (npm run support -- forget); askedBy says who.',
  'support.failed': 'A question to support failed; dependency and reason name what did.',
  'rotate-provider-key.done': 'A step of the provider key rotation succeeded; reason names it.',
  'rotate-provider-key.failed':
    'The candidate did not become the current key; reason names the step and why. The key in use is unchanged.',
  'rotate-provider-key.candidate-forgotten':
    'A candidate for the provider key has waited for more than a day.',
  'rotate-code-secret.done': 'A step of the code secret rotation succeeded; reason names it.',
  'rotate-code-secret.failed':
    'A step of the code secret rotation failed; reason names it and why. The secret in use is unchanged.',
  'rotate-session-secret.done': 'A step of the session secret rotation succeeded; reason names it.',
  'rotate-session-secret.failed':
    'A step of the session secret rotation failed; reason names it and why. The secret in use is unchanged, and nobody is signed out.',
  'rotate-signing-key.done': 'A step of the signing key rotation succeeded; reason names it.',
  'rotate-signing-key.replaced': 'Somebody activated a new signing key at once, outside the schedule.',
  'rotate-signing-key.failed':
    'A step of the signing key rotation failed; reason names it and why. The keys in use are unchanged.',
  'verify-otp.session-not-started':
    'The app asked for a session and got a token without one: it had ended, was refreshed already, or would begin before sessions.notBefore. Reason says which. The sign-in itself succeeded.',
  'verify-otp.session-unavailable':
    'The sign-in succeeded, but its session could not be started; reason says what failed. The user signs in again when the access token ends.',
  'verify-otp.sessions-evicted':
    'A sign-in ended older sessions of its number: too many, dead, or from before the number changed hands; reason says how many.',
  'verify-otp.sessions-not-pruned':
    'A session started, but the worker could not remove older ones; reason says why. The next sign-in tries again.',
  'session.replayed': 'The app repeated a refresh whose answer got lost. It got the same answer.',
  'session.late':
    'A refresh arrived after a later one of the same app. It was told to wait, and nothing ended.',
  'session.over': 'A refresh token is of no use any more; reason says why. The app signs in again.',
  'session.reuse':
    'Somebody used a refresh token that was used before, so there is a copy of it. The session was ended.',
  'session.forged': 'The refresh token is not one of ours, or somebody altered it.',
  'session.denied': 'The controls deny the number or a prefix of it. Its sessions wait and are not ended.',
  'session.invalid': 'The request was malformed (400 or 413).',
  'session.revoked': 'An app signed out: its session was ended.',
  'session.nothing-to-revoke': 'An app signed out with a token that has no session. It got the same answer.',
  'session.listed': 'An app listed the sessions of its number.',
  'session.ended': 'An app ended sessions of its number; reason says how many.',
  'session.ended-by-operator':
    'Somebody ended all sessions of a number by invoking the function; reason says how many.',
  'session.secret-outdated':
    'A refresh token names a version of the session secret that this worker does not know, and it could not read the secret for ten minutes. The app tries again.',
  'session.controls-unreadable':
    'The worker cannot read the controls; reason says why. It denies nobody, and test numbers wait.',
  'session.damaged':
    'A session in the table is damaged, or its item changed impossibly. The app tries again.',
  'session.unavailable': 'Something the function depends on failed; dependency and reason name it.',
  'session.fault': 'A bug in Doorcode; reason names the error.',
};
