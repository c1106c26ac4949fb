/**
 * The numbers that are not settings: each defends something that no adopter gains by changing.
 * The limits stand in `limits/limits.ts`, what adopters do tune besides in the other files of this folder.
 * The file is long because it is a list.
 */

/** Digits of a code. StartMessaging carries 4 to 6. */
export const codeLength = 6;

/** The whole answer: a mobile app's own time-out is seldom below 10 s, and API Gateway's is 30 s. */
export const answerDeadlineMs = 5_000;

/**
 * How long a function's init waits for its secrets and its first connection; then it goes on without them, and the
 * first request reads what is missing. In a cold start for a request that waits, the answer's own time is shorter by it.
 */
export const initWaitMs = 500;

/** The same for `well-known`: API Gateway's JWT authorizer waits 1.5 s for the key set, cold start included. */
export const wellKnownInitWaitMs = 300;

/** One exchange with the provider, from connect to the last byte. */
export const providerDeadlineMs = 4_000;

/** Kept free after the provider's answer, so that a refused send can still be released in time. */
export const releaseReserveMs = 700;

/** An answer of the provider is about 300 bytes; more is not read. */
export const maxProviderAnswerBytes = 64 * 1024;

/** One try of one AWS call. DynamoDB answers in single-digit milliseconds; a dead socket must not eat the answer. */
export const awsTryMs = 700;
export const awsTries = 2;

/** One read of a secret, all tries together: an answer that only trickles must not hold up every request of a worker. */
export const secretReadMs = 2_000;

/** Two short strings and a number fit many times; nothing larger is parsed. */
export const maxBodyBytes = 4 * 1024;

/** The longest life of a code that any settings allow. */
export const maxCodeLifetimeSeconds = 600;

/** How long a right code whose answer was lost can be asked again with the same idempotency key. */
export const replaySeconds = 60;

/** Another worker's clock may be ahead by this much; a win further in the future was never stored by one. */
export const workerSkewSeconds = 120;

/** Items outlive the longest window by this much, so that no clock skew and no slow broom matters. */
export const ttlMarginSeconds = 86_400;

/** A number's known devices are forgotten when none of them, and no new one, has signed in for so long: half a year. */
export const deviceIdleSeconds = 180 * 86_400;

/**
 * A number's item remembers so many sends and attempts whatever today's limits count, as deep as the default limits
 * look: limits that are made smaller and larger again must not have forgotten what was sent meanwhile.
 */
export const keptSends = 10;
export const keptAttempts = 20;

/** Of so many of the newest attempts the item knows the challenge: a code's life admits no more of them by default. */
export const taggedAttempts = 5;

/** What a client is told to wait when nothing better is known. */
export const retryAfterFaultSeconds = 5;

/** How many failures of the provider in a row make a worker stop sending. */
export const breakerFailures = 5;

/** A worker that has stopped looks again after this long: it takes a turn to probe, or learns that the provider is back. */
export const probePauseSeconds = 3;

/**
 * Between two turns of all workers. The clocks are read in whole seconds, which may be up to a second less in truth, and
 * a turn may be used a second late: what is left between two calls is more than a second.
 */
export const probeSpacingSeconds = 3;

/** A turn that nobody used is good for this long, and then lost. */
export const unusedTurnSeconds = 1;

/** A turn further in the future than this was taken by a worker whose clock is wrong, and holds nobody up. */
export const probeClockSkewSeconds = 5;

/** The provider's own window per number, told when it gives no Retry-After. */
export const providerNumberWindowSeconds = 300;

/** A Retry-After of the provider above this is ignored. */
export const maxProviderRetryAfterSeconds = 3_600;

/** A secret is served without a thought for this long, and refreshed before use past it: the kill switch works within it. */
export const secretFreshSeconds = 60;

/** With Secrets Manager down, the last good value serves this long. */
export const secretLastGoodSeconds = 86_400;

/** A version of the code secret that does not exist is not asked for again so soon. */
export const codeKeyHoldOffSeconds = 60;

/** After a failed refresh the last good value serves this long before the next try. */
export const secretRetrySeconds = 10;

/**
 * A provider key that was refused is not tried again for this long while another one serves, and Secrets Manager is
 * not asked out of turn again: a wrong key costs a refused call per worker and minute, and no storm of reads.
 */
export const keyRefusedSeconds = 60;

/** The key in use, the one that a refusal had fetched, and the previous one: no further. */
export const maxKeyTries = 3;

/** Another key is tried only with this much time: a try that is cut short may or may not have sent an SMS. */
export const minKeyTryMs = 1_000;

/** A token of a foreign issuer: API Gateway takes 10 KiB of headers in all; more than this is not even split. */
export const maxForeignTokenBytes = 8 * 1024;

/** `sub` of a foreign token, in UTF-16 units: OpenID Connect Core, section 2, allows 255 characters. */
export const maxForeignSubjectLength = 255;

/** How far the clock of a foreign issuer may run ahead of ours: `iat` and `nbf`, never `exp`. */
export const foreignClockToleranceSeconds = 60;

/** A foreign token that lives longer is a password in disguise, or its issuer counts in milliseconds. */
export const maxForeignTokenLifetimeSeconds = 366 * 86_400;

/** RFC 7518 section 3.3 asks for at least 2048 bits; a key above 8192 would only cost time. */
export const minForeignRsaBits = 2_048;
export const maxForeignRsaBits = 8_192;

/** One fetch of a foreign key set, from the name look-up to the last byte: the whole answer has 5 s. */
export const jwksDeadlineMs = 1_000;

/** A key set has a few KiB, with certificates some more; the rest of a longer answer is not read. */
export const maxJwksBytes = 64 * 1024;

/** An issuer publishes a handful of keys; a set with more than this is refused whole. */
export const maxJwksKeys = 32;

/**
 * A foreign key set is used without a thought for this long, and refreshed before use past it: a key that its issuer
 * withdraws lives on so long.
 */
export const jwksFreshSeconds = 300;

/** With the issuer's endpoint down, the last good key set serves this long. */
export const jwksLastGoodSeconds = 86_400;

/** After a failed fetch nobody asks the endpoint again for this long: a dead one costs a deadline per ten seconds. */
export const jwksRetrySeconds = 10;

/** A key id that is not in a set younger than this is unknown, without a fetch: junk must not become a storm. */
export const jwksUnknownKeySeconds = 30;
