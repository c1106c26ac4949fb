/**
 * The gateway's throttle: a token bucket per route, shared by all callers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */

export interface Throttle {
  /** Takes a token if there is one. `nowMs` is from any clock in milliseconds that never goes back. */
  admits(nowMs: number): boolean;
}

/** A full bucket of `burst` tokens that refills at `ratePerSecond`. */
export function createThrottle({ ratePerSecond, burst }: { ratePerSecond: number; burst: number }): Throttle {
  let tokens = burst;
  let filledAtMs: number | undefined;
  return {
    admits: (nowMs) => {
      tokens = Math.min(burst, tokens + ((nowMs - (filledAtMs ?? nowMs)) / 1000) * ratePerSecond);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
