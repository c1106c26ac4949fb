/**
 * The time limits of an SDK client, which has none of its own. They bound one try: until the connection is up, until
 * the answer begins, and between two pieces of it. Without the last one an answer that begins and then stalls would
 * be waited for without end.
 */
import { awsTryMs } from '../otp/policy.ts';

/** For `requestHandler` of a client. */
export const tryLimits = {
  connectionTimeout: awsTryMs,
  requestTimeout: awsTryMs,
  throwOnRequestTimeout: true,
  socketTimeout: awsTryMs,
} as const;
