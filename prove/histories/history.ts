/** Random histories of one number: what an app, its user, a guesser, the provider and the table may do. */
import fc from 'fast-check';
import type { Delivery, WriteFault, WriteFaults } from '../../test-kit/model.ts';

const keys = ['idempotency-key-0001', 'idempotency-key-0002', undefined] as const;

export const smsTemplates = {
  'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
  payment: { default: '11111111-1111-4111-8111-111111111111' },
};

const fault = fc.constantFrom<WriteFault>('twice', 'lost', 'never');

/** Mostly none: a history of nothing but failures shows little. */
const faults: fc.Arbitrary<WriteFaults> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ first: fault }) },
  { weight: 1, arbitrary: fc.record({ second: fault }) },
  { weight: 1, arbitrary: fc.record({ first: fault, second: fault }) },
);

/** `resends`, `back` and `codeBack` count challenges from the newest: 0 is the latest one. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 29, 30, 30, 31, 59, 60, 61, 270, 299, 300, 570, 600, 3600, 86_400),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      purpose: fc.constantFrom('sign-in', 'sign-in', 'sign-in', 'payment'),
      key: fc.constantFrom(...keys),
      resends: fc.option(fc.nat(2), { nil: undefined }),
      delivery: fc.constantFrom<Delivery>(
        'accepted',
        'accepted',
        'accepted',
        'unconfirmed',
        'failed',
        'refused',
        'number-limited',
      ),
      faults,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('verify' as const),
      back: fc.constantFrom(0, 0, 0, 1, 1, 2),
      codeBack: fc.constantFrom(0, 0, 0, 1, 1, 2, undefined),
      key: fc.constantFrom(...keys),
      faults,
    }),
  },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A history. */
export const history: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 4, maxLength: 14 });
