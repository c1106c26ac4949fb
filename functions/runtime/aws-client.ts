/**
 * How our clients of AWS differ from the SDK's defaults.
 *
 * The SDK has no timeouts of its own. Ours bound one try: until the connection is up, until the answer begins, and between
 * two pieces of the answer. Without the last one a client would wait forever for an answer that begins and then stalls.
 * The SDK's retries depend on a quota that all calls share. Ours do not, see `second-try.ts`. A retry also never uses a
 * dead connection, see `connections.ts`. A client without kept connections opens one for each call.
 *
 * A client names itself `app/doorcode`, which CloudTrail shows. The SDK would send its exact version, which it reads from
 * a package.json that no bundle has.
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
