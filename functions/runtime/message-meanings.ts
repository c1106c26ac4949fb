/**
 * What each message code means, for people: the README's table is made of these and of what to do. Apart from the codes,
 * because no function says it, and every function would carry it.
 */
import type { MessageCode } from './message-codes.ts';

export const meanings: Readonly<Record<MessageCode, string>> = {
  'request-otp.sent': 'The provider took the SMS.',
  'request-otp.unconfirmed': 'The provider did not answer; the SMS may come, and the code works.',
  'request-otp.replayed': 'The same idempotency key again: answered as before, nothing sent.',
  'request-otp.invalid': 'The request was malformed (400, 413 or 415).',
  'request-otp.idempotency-mismatch': 'The app used one idempotency key for two purposes.',
  'request-otp.limited-by-address': 'The client address has spent its window of ten minutes.',
  'request-otp.limited-by-block': 'The 1,000 numbers around this one have spent their window of ten minutes.',
  'request-otp.denied': 'The number, or a prefix of it, is denied in the controls.',
  'request-otp.limited-by-sends': 'The number has had its SMS.',
  'request-otp.limited-by-attempts': 'The number has spent its guesses, so an SMS would be wasted.',
  'request-otp.limited-by-provider':
    'The provider has sent this number three SMS in five minutes, for all its customers together.',
  'request-otp.budget-spent':
    'The share of the budget that reason names (whose, of the day or of the hour) is spent; those callers get no code until the hour or the day (UTC) is over.',
  'request-otp.slowed':
    'The conversion breaker is open: too few of this hour’s codes were typed in, so strangers get an SMS only now and then.',
  'request-otp.unproven':
    'The conversion breaker is open, or would be if it were enforced; this SMS was sent.',
  'request-otp.switched-off':
    'Sending is switched off in the controls, for all or for all but returning devices.',
  'request-otp.paused':
    'This worker sends nothing for a few seconds, because the provider failed several times in a row.',
  'request-otp.provider-breaker':
    'A worker sends nothing for a few seconds: the provider failed several times in a row, or the latest try to see whether it is back.',
  'request-otp.test-number': 'A test number was used: no SMS, its fixed code.',
  'request-otp.test-number-refused':
    'A test number was refused: its end date or testNumbersUntil is over, or its quota of the day is spent.',
  'request-otp.test-number-ignored':
    'A test number in the controls has a code that anybody would guess, as reason says; its number is an ordinary one, and gets an SMS.',
  'request-otp.attestation-missing':
    'Without a valid attestation, as reason says; it is only observed and was let through.',
  'request-otp.controls-unreadable':
    'The controls cannot be read, or are malformed, as reason says; the last good ones serve.',
  'admission.unauthorized':
    'The purpose needs a session of the adopter’s, and reason says why there was none.',
  'admission.app-not-attested': 'The app has to be attested, and reason says why it was not.',
  'admission.keys-unavailable':
    'The keys of a foreign issuer cannot be had: session or attestation, as reason says.',
  'request-otp.reserve-unknown':
    'The table did not say whether the reserve landed; it was released, nothing was sent.',
  'request-otp.not-given-back':
    'Nothing was sent, and the send, the budget or the count of the address could not be given back; it stays spent.',
  'request-otp.provider-failed':
    'The provider answered with an error that says nothing; an SMS may still come.',
  'request-otp.provider-key':
    'The provider refuses the key: revoked, mistyped, suspended, or our address is not on its list.',
  'request-otp.key-outdated':
    'The provider refused a key, named by versionId, that a newer one had replaced meanwhile; that one was tried.',
  'request-otp.key-rejected':
    'The provider refused the key named by versionId, the current or the previous one as reason says; sent tells whether another served.',
  'request-otp.key-unreadable':
    'The stored key could not be read, or is no key: reason names it. The last good or the previous one serves.',
  'request-otp.no-key':
    'No key to send with: reason says why the stored one is of no use. Nobody gets a code.',
  'request-otp.provider-account': 'The provider has not approved, or has suspended, the account.',
  'request-otp.provider-request': 'The provider calls our request malformed.',
  'request-otp.provider-balance': 'The wallet is empty.',
  'request-otp.provider-throttled': 'The provider throttles the account or our address.',
  'request-otp.provider-carrier': 'The carrier refused the SMS or timed out.',
  'request-otp.provider-unreachable': 'No connection to the provider came up, twice.',
  'request-otp.unavailable': 'Something that the function needs failed: dependency and reason name it.',
  'request-otp.fault': 'A bug of ours; reason names the error.',
  'verify-otp.verified': 'A code won; a token was signed.',
  'verify-otp.test-number': 'The code of a test number won; the token says test.',
  'verify-otp.slowed':
    'The guess breaker is open: so many wrong codes this hour, for all numbers together, that after the first guess at a code one goes through only now and then.',
  'verify-otp.guesses-high': 'The guess breaker is open, or would be if it were enforced.',
  'verify-otp.not-counted':
    'What the breakers learn from this code could not be written, as reason says; the user was served.',
  'verify-otp.not-given-back':
    'A guess that the breaker refused stays counted for its number, because the write that gives it back failed.',
  'verify-otp.device-not-remembered':
    'A code won, but its device could not be made known; the user signs in next time as a stranger.',
  'verify-otp.incorrect': 'A wrong code for a live request.',
  'verify-otp.forged': 'A requestId that we did not make, or that was altered.',
  'verify-otp.not-live': 'The request has expired, was used, or was replaced.',
  'verify-otp.lost-race': 'The same code won in another request meanwhile.',
  'verify-otp.outdated':
    'The code was asked for under other settings, which the new ones no longer honour: the app asks for a new one.',
  'verify-otp.too-many-attempts': 'The number has spent its guesses.',
  'verify-otp.code-key-unknown':
    'The code was hashed with a version of the code secret that does not exist any longer.',
  'verify-otp.invalid': 'The request was malformed (400, 413 or 415).',
  'verify-otp.unavailable': 'Something that the function needs failed: dependency and reason name it.',
  'verify-otp.fault': 'A bug of ours; reason names the error.',
  'well-known.no-keys': 'No public keys are in the table.',
  'well-known.unavailable': 'The table did not answer, or a variable is missing.',
  'well-known.fault': 'A bug of ours; reason names the error.',
  'init.unready':
    'A worker began without what dependency names: it could not be read while the worker was started.',
  'secret.changed': 'The identity secret has another value than when this worker started; it serves nobody.',
  'rotate-provider-key.done': 'A step of the hand-over of the provider’s key is done; reason names it.',
  'rotate-provider-key.failed':
    'The candidate did not become the current key; reason names the step and why. The key in use is untouched.',
  'rotate-provider-key.candidate-forgotten':
    'A candidate of the provider’s key has waited for more than a day.',
  'rotate-code-secret.done': 'A step of the rotation of the code secret is done; reason names it.',
  'rotate-code-secret.failed':
    'A step of that rotation failed; reason names it and why. The secret in use is untouched.',
  'rotate-signing-key.done': 'A step of the rotation is done; reason names it.',
  'rotate-signing-key.replaced': 'Somebody made a new signing key active at once.',
  'rotate-signing-key.failed':
    'A step of the rotation failed; reason names it. The keys in use are untouched.',
};
