/** Random histories of one number's sessions: what phones, thieves, operators, deployments and the table may do. */
import fc from 'fast-check';
import type { WriteFault, WriteFaults } from '../../test-kit/model.ts';

const day = 86_400;
const fault = fc.constantFrom<WriteFault>('twice', 'lost', 'never');
const faults: fc.Arbitrary<WriteFaults> = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ first: fault }) },
  { weight: 1, arbitrary: fc.record({ second: fault }) },
);

/** Counted from the newest: 0 is the latest win, or the latest token of a session. */
const back = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3);

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(
        1,
        29,
        30,
        31,
        299,
        300,
        301,
        900,
        3_600,
        day,
        20 * day,
        59 * day,
        60 * day - 1,
        60 * day,
        89 * day,
        90 * day,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('win' as const),
      isStranger: fc.boolean(),
      hasKey: fc.boolean(),
      faults,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), back, faults }) },
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant('refresh' as const),
      session: back,
      token: back,
      attempt: fc.constantFrom('own', 'own', 'own', 'none', 'other'),
      isDenied: fc.constantFrom(false, false, false, false, false, true),
      faults,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('revoke' as const), session: back, token: back, faults }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const), session: back, token: back }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      session: back,
      token: back,
      which: fc.constantFrom('others', 'all', 'one'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end all' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('deploy' as const),
      idleDays: fc.constantFrom(1, 30, 60, 90),
      absoluteDays: fc.constantFrom(30, 180, 365),
      perNumber: fc.constantFrom(1, 2, 8),
      isOver: fc.constantFrom(false, false, false, true),
    }),
  },
);

export type SessionStep = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A history. It starts with a win, because nothing happens without one. */
export const sessionHistory: fc.Arbitrary<readonly SessionStep[]> = fc.array(step, {
  minLength: 5,
  maxLength: 18,
});
