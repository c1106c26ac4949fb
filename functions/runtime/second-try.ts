/**
 * How often our clients try, in place of the SDK's standard retry strategy.
 *
 * The SDK's own takes each retry from a quota that all calls of a client share, and only an answer without an error
 * gives back. Our second try is not extra load in an incident, to be shed: it is how a write whose answer got lost finds
 * itself, and it finds itself by ConditionalCheckFailedException, which the SDK counts as no success. After some forty
 * lost answers a worker would have stopped trying again. So here every call has its tries, whatever befell others.
 *
 * The rest is the SDK's: which errors are tried again (its middleware classifies them), the random wait before it, and
 * the end by the request's signal. What the quota defends against, more load on a service that is down, is bounded by
 * the number of tries, which is two.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type RetryStrategy = Extract<
  NonNullable<DynamoDBClientConfig['retryStrategy']>,
  { acquireInitialRetryToken: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/** Before the second try waits a random time up to this, before the third up to twice as long: the SDK's for DynamoDB. */
const transientDelayMs = 25;

/** The same after a throttle: the SDK's for every service. */
const throttledDelayMs = 1_000;

/**
 * A strategy of `maxAttempts` tries for each call, the first included. `onRetry` is told before each further one;
 * `random` gives 0 to 1.
 */
export function triesOfEachCall(
  maxAttempts: number,
  onRetry: () => void,
  random: () => number = Math.random,
): RetryStrategy {
  return {
    acquireInitialRetryToken: async () => tokenOf(0, 0),
    refreshRetryTokenForRetry: async (token, { errorType }) => {
      const triesMade = token.getRetryCount() + 1;
      const isTransient = errorType === 'TRANSIENT';
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

/** `delayMs` is waited by the SDK's middleware, which stops waiting when the request is over. */
function tokenOf(retryCount: number, delayMs: number): RetryToken {
  return { getRetryCount: () => retryCount, getRetryDelay: () => delayMs };
}
