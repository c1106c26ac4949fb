/**
 * The numbers that are not settings: each defends something that no adopter gains by changing.
 * Limits that adopters do tune stand in `settings.ts`.
 */

/** The whole answer: a mobile app's own time-out is seldom below 10 s, and API Gateway's is 30 s. */
export const answerDeadlineMs = 5_000;

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

/** The window in which sends of one client address are counted, aligned to the clock. */
export const addressWindowSeconds = 600;

/** How long a right code whose answer was lost can be asked again with the same idempotency key. */
export const replaySeconds = 60;

/** Items outlive the longest window by this much, so that no clock skew and no slow broom matters. */
export const ttlMarginSeconds = 86_400;

/** What a client is told to wait when nothing better is known. */
export const retryAfterFaultSeconds = 5;

/** The longest wait we ever tell for a budget that is spent: the owner may raise it meanwhile. */
export const maxBudgetRetryAfterSeconds = 3_600;

/** The provider's own window per number, told when it gives no Retry-After. */
export const providerNumberWindowSeconds = 300;

/** A Retry-After of the provider above this is ignored. */
export const maxProviderRetryAfterSeconds = 3_600;

/** A secret is served without a thought for this long. */
export const secretFreshSeconds = 60;

/** Up to this age a secret is served and refreshed alongside; past it, refreshed before it is used. */
export const secretStaleSeconds = 300;

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
