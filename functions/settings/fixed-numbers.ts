/**
 * The numbers that are not settings, because no adopter gains by changing them. `limits/limits.ts` has the limits, and the
 * other files of this folder have the settings that adopters do change. The file is long because it is a list.
 */

/** Digits of a code. StartMessaging carries 4 to 6. */
export const codeLength = 6;

/** Deadline of the whole answer. Mobile apps seldom time out below 10 s, and API Gateway does at 30 s. */
export const answerDeadlineMs = 5_000;

/**
 * How long a function's init waits for its secrets and its first connection. After that it continues without them, and the
 * first request reads what is missing. When a request waits for the cold start, its own deadline is shorter by this wait.
 */
export const initWaitMs = 500;

/** How long the init of `well-known` waits. API Gateway's JWT authorizer waits 1.5 s for the key set, cold start included. */
export const wellKnownInitWaitMs = 300;

/** One exchange with the provider, from connect to the last byte. */
export const providerDeadlineMs = 4_000;

/** Reserved after the provider's answer, so that the function can still release a refused send in time. */
export const releaseReserveMs = 700;

/** The most that is read of the provider's answer, which normally has about 300 bytes. */
export const maxProviderAnswerBytes = 64 * 1024;

/** One try of one AWS call. DynamoDB answers within 10 ms, and a dead socket must not use up the answer's time. */
export const awsTryMs = 700;
export const awsTries = 2;

/** One read of a secret, all tries together. A slow answer must not hold up every request of a worker. */
export const secretReadMs = 2_000;

/** The largest request body that is parsed. Real ones are far smaller. */
export const maxBodyBytes = 4 * 1024;

/** The longest life of a code that any settings allow. */
export const maxCodeLifetimeSeconds = 600;

/** How long an app can repeat a right code with the same idempotency key after the answer got lost. */
export const replaySeconds = 60;

/** How far another worker's clock may be ahead. A win that is stored further in the future is not trusted. */
export const workerSkewSeconds = 120;

/** Added to the longest window in an item's `ttl`, so that clock skew cannot let TTL cleanup delete an item too early. */
export const ttlMarginSeconds = 86_400;

/** A number forgets its devices after half a year in which no device signed in. */
export const deviceIdleSeconds = 180 * 86_400;

/**
 * How many sends and attempts a number's item keeps at least: as many as the default limits count. When an adopter lowers
 * the limits and raises them again, the item still has what was sent meanwhile.
 */
export const keptSends = 10;
export const keptAttempts = 20;

/** How many of the newest attempts have a tag of their challenge. The default limits admit no more while a code lives. */
export const taggedAttempts = 5;

/** The wait that a client is told when no better one is known. */
export const retryAfterFaultSeconds = 5;

/** How many failures of the provider in a row make a worker stop sending. */
export const breakerFailures = 5;

/** How long a worker that has stopped sending pauses before it takes a turn to probe, or learns that the provider is back. */
export const probePauseSeconds = 3;

/**
 * Seconds between two turns of all workers. The clocks are read in whole seconds, which can be up to a second off, and a
 * worker may use its turn a second late. That leaves more than a second between two calls.
 */
export const probeSpacingSeconds = 3;

/** How long a worker may use its turn. After that the turn is lost. */
export const unusedTurnSeconds = 1;

/** A turn further in the future than this comes from a worker with a wrong clock. The other workers ignore it. */
export const probeClockSkewSeconds = 5;

/** The provider's own window per number. The client is told this wait when the provider sends no Retry-After. */
export const providerNumberWindowSeconds = 300;

/**
 * How long a worker leaves a shard of the budget alone that it found spent. A thousand workers then try each shard a hundred
 * times a second while a flood is refused, which leaves most of its writes to others.
 */
export const shardMemorySeconds = 10;

/** A Retry-After of the provider above this is ignored. */
export const maxProviderRetryAfterSeconds = 3_600;

/** How long a cached secret is used without a refresh. The kill switch takes effect within this time. */
export const secretFreshSeconds = 60;

/** How long the last good value is used while Secrets Manager is down. */
export const secretLastGoodSeconds = 86_400;

/** How long a worker waits before it asks again for a version of the code secret that did not exist. */
export const codeKeyHoldOffSeconds = 60;

/** How long the last good value is used after a failed refresh, before the next try. */
export const secretRetrySeconds = 10;

/**
 * How long a worker does not try a refused provider key again while another key works. In this time it also makes no
 * second extra read of Secrets Manager. A wrong key then costs one refused call a minute per worker, and few reads.
 */
export const keyRefusedSeconds = 60;

/** The most keys that one request tries: the one in use, the one that was read after a refusal, and the previous one. */
export const maxKeyTries = 3;

/** The time that must be left to try another key. A try that is cut short may or may not have sent an SMS. */
export const minKeyTryMs = 1_000;

/** The largest token of a foreign issuer that is parsed. API Gateway takes 10 KiB of headers in all. */
export const maxForeignTokenBytes = 8 * 1024;

/** `sub` of a foreign token, in UTF-16 units: OpenID Connect Core, section 2, allows 255 characters. */
export const maxForeignSubjectLength = 255;

/** How far the clock of a foreign issuer may run ahead of ours: `iat` and `nbf`, never `exp`. */
export const foreignClockToleranceSeconds = 60;

/** The longest life of a foreign token. A longer one is as good as a password, or its issuer counts in milliseconds. */
export const maxForeignTokenLifetimeSeconds = 366 * 86_400;

/** RFC 7518 section 3.3 asks for at least 2048 bits; a key above 8192 would only cost time. */
export const minForeignRsaBits = 2_048;
export const maxForeignRsaBits = 8_192;

/** One fetch of a foreign key set, from the DNS lookup to the last byte. The whole answer has 5 s. */
export const jwksDeadlineMs = 1_000;

/** The most that is read of a key set. A set normally has a few KiB, and somewhat more with certificates. */
export const maxJwksBytes = 64 * 1024;

/** An issuer publishes a handful of keys; a set with more than this is refused whole. */
export const maxJwksKeys = 32;

/**
 * How long a foreign key set is used without a refresh. A key that its issuer withdraws is still accepted for this long.
 */
export const jwksFreshSeconds = 300;

/** How long the last good key set is used while the issuer's endpoint is down. */
export const jwksLastGoodSeconds = 86_400;

/** How long a worker waits after a failed fetch. A dead endpoint then costs one deadline every ten seconds. */
export const jwksRetrySeconds = 10;

/** A key id that is missing from a set younger than this causes no fetch. Junk tokens must not cause a storm of fetches. */
export const jwksUnknownKeySeconds = 30;

/** How long a number rests in India before somebody else gets it. A stranger's sign-in ends sessions that are older. */
export const numberRestSeconds = 90 * 86_400;

/** How often a sign-in tries to evict sessions. A try is refused where one of them was refreshed meanwhile. */
export const maxPruneTries = 4;

/** A refresh of a client that sends no attempts may be repeated for this long. */
export const plainRepeatSeconds = 30;

/** How long a request may be on its way. A dead socket delivers late, when the client has refreshed again. */
export const lateDeliverySeconds = 300;

/** How often a worker tries to end a session. A try is refused where the noted time of an end must be later. */
export const maxEndTries = 4;
