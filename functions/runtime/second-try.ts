/**
 * The retry strategy of our clients, in place of the SDK's standard one.
 *
 * The SDK's strategy takes each retry from a quota that all calls of a client share, and only an answer without an error
 * refills it. But our retry is not optional load: it lets a write whose answer got lost find itself. It does so by a
 * ConditionalCheckFailedException, which the SDK does not count as a success. So after some forty lost answers a worker
 * would stop retrying. Here every call has its own tries, whatever happened to other calls.
 *
 * The rest is the SDK's: which errors it retries (its middleware classifies them), the random wait before a retry, and the
 * end by the request's signal. The quota would protect a service that is down from more load. Here the number of tries,
 * which is two, bounds that load.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type RetryStrategy = Extract<
  NonNullable<DynamoDBClientConfig['retryStrategy']>,
  { acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/** The longest random wait before the second try, twice as long before the third. It is the SDK's value for DynamoDB. */
const transientDelayMs = 25;

/** The same after a throttle. It is the SDK's value for every service. */
const throttledDelayMs = 1_000;

/**
 * A strategy of `maxAttempts` tries for each call, the first included. It calls `onRetry` before each further try.
 * `random` returns 0 to 1.
 */
export function triesOfEachCall(
  maxAttempts: number,
  onRetry: () => void,
  random: () => number = Math.random,
): RetryStrategy {
  return {
    acquireInitialRetryToken: async () => tokenOf(0, 0),
    refreshRetryTokenForRetry: async (token, { errorType, error }) => {
      const triesMade = token.getRetryCount() + 1;
      const isTransient = errorType === 'TRANSIENT' && !isAnswer(error);
      if (triesMade >= maxAttempts || !(isTransient || errorType === 'THROTTLING')) {
        throw new Error('not tried again');
      }
      onRetry();
      const baseMs = isTransient ? transientDelayMs : throttledDelayMs;
      return tokenOf(triesMade, Math.floor(random() * baseMs * 2 ** (triesMade - 1)));
    },
    recordSuccess: () => undefined,
  };
}

/** The SDK's middleware waits `delayMs`, and stops waiting when the request is over. */
function tokenOf(retryCount: number, delayMs: number): RetryToken {
  return { getRetryCount: () => retryCount, getRetryDelay: () => delayMs };
}

/** What a service says when it does not take the date of a signature; a corrected clock helps. */
const signatureErrors: readonly string[] = [
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
];

/**
 * Whether a service took the call and refused it. On a machine whose clock is off by four minutes the SDK marks every such
 * error as worth a retry, because it has corrected its clock meanwhile. A refused condition would then cost two writes.
 */
function isAnswer(error: unknown): boolean {
  const { name, $fault, $metadata } = Object(error);
  return Boolean($metadata?.clockSkewCorrected) && $fault === 'client' && !signatureErrors.includes(name);
}
