/**
 * How our clients of AWS differ from the SDK's defaults.
 *
 * The SDK has no time limits of its own. Ours bound one try: until the connection is up, until the answer begins, and
 * between two pieces of it. Without the last one an answer that begins and then stalls would be waited for without end.
 * Its retries hang on a quota that calls share; ours do not, see `second-try.ts`. Nor does a second try meet a dead
 * connection, see `connections.ts`; a client without one makes each call on a connection of its own.
 *
 * A client names itself as `app/doorcode`, which CloudTrail shows; the SDK would say its exact version, which it has
 * from a package.json that no bundle carries.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html
 */
import { awsTryMs } from '../settings/fixed-numbers.ts';
import { openConnections } from './connections.ts';
import { triesOfEachCall } from './second-try.ts';

/** The options of every client; `maxAttempts` counts the first try. */
export function clientOptions(maxAttempts: number) {
  const { httpAgent, httpsAgent, dropIdle } = openConnections({ keepAlive: maxAttempts > 1 });
  return {
    maxAttempts,
    retryStrategy: triesOfEachCall(maxAttempts, dropIdle),
    requestHandler: {
      httpAgent,
      httpsAgent,
      connectionTimeout: awsTryMs,
      requestTimeout: awsTryMs,
      throwOnRequestTimeout: true,
      socketTimeout: awsTryMs,
    },
    userAgentAppId: 'doorcode',
    defaultUserAgentProvider: async (): Promise<[string, string][]> => [['aws-sdk-js', '3']],
  };
}
