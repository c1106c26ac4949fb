/**
 * R6, answers: whether the time of an answer reveals what the controls say about a number. The suite requests codes for two
 * numbers in turn, in a random order for each pair, through the whole local stack. The clock of the workers stands still, so
 * that a used-up limit stays used up.
 */
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { dayIn, putControls } from '../../test-kit/stored-controls.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';
import { areaUnderCurve } from './auc.ts';

const pairs = 2_000;
const warmUps = 100;
const [least, most] = [0.45, 0.55];

interface Comparison {
  readonly name: string;
  readonly settings: object;
  readonly controls?: object;
  readonly status: number;
  readonly sides: readonly ['limited' | 'plain', 'denied' | 'test'];
}

const roomy = { sendsPerIpv4Address: 1_000_000, requestRatePerSecond: 10_000 };
const spent = { ...roomy, sendsPerIpv4Address: 1 };

const comparisons: readonly Comparison[] = [
  { name: 'denied, limited', settings: roomy, status: 429, sides: ['limited', 'denied'] },
  { name: 'address spent: denied, plain', settings: spent, status: 429, sides: ['plain', 'denied'] },
  { name: 'address spent: test, plain', settings: spent, status: 429, sides: ['plain', 'test'] },
  {
    name: 'switched off: denied, plain',
    settings: roomy,
    controls: { sending: 'nobody' },
    status: 503,
    sides: ['plain', 'denied'],
  },
  {
    name: 'switched off: test, plain',
    settings: roomy,
    controls: { sending: 'nobody' },
    status: 503,
    sides: ['plain', 'test'],
  },
];

/** Times the pairs of each comparison. */
export async function answers({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const violations: string[] = [];
  const areas: string[] = [];
  const total = scaled(pairs, { scale });
  for (const [index, comparison] of comparisons.entries()) {
    const { name, settings } = comparison;
    const stack = await startLocalStack({
      workers: 1,
      settings: { ...settings, testNumbersUntil: dayIn(300) },
    });
    try {
      const onPair = (done: number): void => onProgress(`${name}: ${done} of ${total} pairs`);
      const area = await timed(stack, comparison, { seed: seed + index, total, onPair, signal });
      areas.push(`${name} ${area.toFixed(3)}`);
      if (!(area >= least && area <= most)) violations.push(`${name}: an area of ${area.toFixed(3)}`);
    } finally {
      await stack.stop();
    }
  }
  return {
    id: 'R6, answers',
    what: `what the time of a refusal tells of the controls, over ${total} pairs each`,
    goal: `an area under the curve of ${least} to ${most}`,
    seen: areas.join('; '),
    method:
      'one request at a time through the whole local stack, as the app sees it, each pair in an order drawn by the seed; 0.5 is a guess',
    seed,
    violations,
  };
}

interface Timing {
  readonly seed: number;
  readonly total: number;
  readonly onPair: (done: number) => void;
  readonly signal: AbortSignal;
}

async function timed(
  stack: LocalStack,
  { controls, status, sides }: Comparison,
  { seed, total, onPair, signal }: Timing,
): Promise<number> {
  stack.pool('request-otp').stopClock(Math.floor(Date.now() / 1000));
  const numbers = {
    limited: freshNumber(),
    plain: freshNumber(),
    denied: freshNumber(),
    test: freshNumber(),
  };
  await ask(stack, numbers.limited);
  const testNumbers = [{ phoneNumber: numbers.test, code: '402961', until: dayIn(300) }];
  await putControls(stack, { denied: [numbers.denied], testNumbers, ...controls });
  await stack.pool('request-otp').restart();
  const chance = seeded(seed);
  const times: Record<string, number[]> = { limited: [], plain: [], denied: [], test: [] };
  for (let done = -warmUps; done < total; done += 1) {
    signal.throwIfAborted();
    for (const side of chance.shuffled(sides)) {
      const startedAtMs = performance.now();
      const reply = await ask(stack, numbers[side]);
      const tookMs = performance.now() - startedAtMs;
      if (reply.status !== status) throw new Error(`${side} was answered ${reply.status}, not ${status}`);
      if (done >= 0) times[side]?.push(tookMs);
    }
    if (done % 100 === 0) onPair(done);
  }
  const [left, right] = sides;
  return areaUnderCurve(times[left] ?? [], times[right] ?? []);
}
