/**
 * Divides the day's budget among several items. DynamoDB takes 1,000 writes a second to one item, and request-otp and
 * verify-otp both write the budget's. At the default rates one item is enough, and nothing is divided.
 *
 * Each shard has its share of a ceiling, and the shares add up to the ceiling. So all shards together let exactly as much
 * through as one item does. A number has a shard of its own, which its log tag selects. The others have their turn when
 * that one is spent.
 */

/**
 * Writes per second that DynamoDB takes to one item of at most 1 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const maxItemWritesPerSecond = 1_000;

/** Writes of a sign-in to the budget: the send, the code that comes back, and one wrong code in five. */
export const budgetWritesPerSignIn = 2.2;

/** Requests per second that one shard is for: 660 writes. The rest is for seconds that are busier than others. */
export const requestsPerShard = 300;

/** How many shards these rates need. */
export function budgetShards({
  requestRatePerSecond,
  verifyRatePerSecond,
}: {
  readonly requestRatePerSecond: number;
  readonly verifyRatePerSecond: number;
}): number {
  // A guess is one write at most.
  return Math.max(
    Math.ceil(requestRatePerSecond / requestsPerShard),
    Math.ceil(verifyRatePerSecond / maxItemWritesPerSecond),
  );
}

/** The place of a shard among the others, from 0. */
export interface ShardOf {
  readonly index: number;
  readonly shards: number;
}

/** The share of a shard in `all`. The shares of two shards differ by 1 at most. */
export function shareOf(all: number, { index, shards }: ShardOf): number {
  return Math.floor((all + shards - 1 - index) / shards);
}

/** The place of the shard on which a number counts. */
export function ownShard(numberTag: string, shards: number): number {
  return shards === 1 ? 0 : Buffer.from(numberTag, 'base64url').readUInt32BE() % shards;
}
