/**
 * The clock of the local stack, which may jump forward: to see a code expire or a pause end without waiting. It never
 * goes back while the stack runs, because what is stored would lie in the future.
 */
import * as v from 'valibot';
import type { LocalStack } from '../local-stack.ts';

/** A week is the longest window that a limit may have. */
const maxJumpSeconds = 7 * 86_400;

const jumpSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({
    forwardSeconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxJumpSeconds)),
  }),
);

interface Clock {
  readonly offsetSeconds: number;
}

export interface JumpingClock {
  read(): Clock;
  /** Jumps as a JSON body says; undefined when it says something else. */
  forward(body: string): Clock | undefined;
}

/** The functions that an app calls, and the provider: whoever decides by time. */
const pools = ['request-otp', 'verify-otp'];

/** A clock that is right so far. */
export function openClock({ pool, provider }: Pick<LocalStack, 'pool' | 'provider'>): JumpingClock {
  let offsetSeconds = 0;
  const read = (): Clock => ({ offsetSeconds });
  return {
    read,
    forward: (body) => {
      const jump = v.safeParse(jumpSchema, body);
      if (!jump.success) return undefined;
      offsetSeconds += jump.output.forwardSeconds;
      for (const name of pools) pool(name).shiftClock(offsetSeconds);
      provider.control({ clockOffsetSeconds: offsetSeconds });
      return read();
    },
  };
}
