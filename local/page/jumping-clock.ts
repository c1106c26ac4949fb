/**
 * The clock of the local stack. A person can move it forward, to see a code expire or a pause end without waiting. It never
 * goes back while the stack runs, because stored times would then be in the future.
 */
import * as v from 'valibot';
import type { LocalStack } from '../local-stack.ts';

/** Longer than a session may lie idle. */
const maxJumpSeconds = 90 * 86_400;

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
  /** Moves the clock as a JSON body says; undefined for an invalid body. */
  forward(body: string): Clock | undefined;
}

/** Everything that decides by time: the functions that an app calls, where there are sessions or none, and the provider. */
const called = ['request-otp', 'verify-otp', 'session'];

/** Creates a clock that shows the right time. */
export function openClock(stack: Pick<LocalStack, 'pool' | 'provider' | 'deployment'>): JumpingClock {
  const { pool, provider } = stack;
  let offsetSeconds = 0;
  const read = (): Clock => ({ offsetSeconds });
  return {
    read,
    forward: (body) => {
      const jump = v.safeParse(jumpSchema, body);
      if (!jump.success) return undefined;
      offsetSeconds += jump.output.forwardSeconds;
      for (const { name } of stack.deployment.functions)
        if (called.includes(name)) pool(name).shiftClock(offsetSeconds);
      provider.control({ clockOffsetSeconds: offsetSeconds });
      return read();
    },
  };
}
