/**
 * R6: fuzzed bodies, headers and events, and other spellings of one number, against the bundles of a deployment. The suite
 * compares each answer with an oracle that does not use the schema.
 */
import fc from 'fast-check';
import * as v from 'valibot';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { storedRecords } from '../../test-kit/stored.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { type Ledger, openLedger } from '../leaks/ledger.ts';
import { noteStack } from '../leaks/note-stack.ts';
import { type Chance, seeded } from '../seeded.ts';
import { fuzzedEvents } from './grammar.ts';
import { isGood } from './oracle.ts';
import { jsonTextsOf, spellingsOf } from './spellings.ts';

const inputs = 100_000;
const spellings = 2_000;
const workers = 2;
const routes = ['request-otp', 'verify-otp'] as const;
const purposes = ['sign-in', 'payment'];
const refusals = [400, 413, 415];
const number = '+919876543210';

/** More good inputs than this must be answered otherwise for each 503 of a busy machine. */
const goodInputsPerUnavailable = 1_000;

const answerSchema = v.object({ statusCode: v.number(), body: v.string() });

interface Counts {
  played: number;
  good: number;
  statuses: Record<number, number>;
}

/** Fuzzes both functions; what was written goes into `ledger`. */
export async function badInput(
  { seed, scale, onProgress, signal }: Run,
  ledger: Ledger = openLedger(),
): Promise<Figure> {
  const stack = await startLocalStack({
    workers,
    settings: {
      sendsPerDay: 1_000_000,
      smsTemplates: {
        'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
        payment: { default: '11111111-1111-4111-8111-111111111111' },
      },
    },
  });
  stack.provider.control({ balance: 1_000_000, requestsPerThrottleWindow: 1_000_000 });
  const violations: string[] = [];
  const counts: Counts = { played: 0, good: 0, statuses: {} };
  const total = scaled(inputs, { scale });
  try {
    await Promise.all(
      routes.flatMap((route, i) =>
        Array.from({ length: workers }, async (_, lane) => {
          const property = fc.asyncProperty(fuzzedEvents[route], async (event) => {
            signal.throwIfAborted();
            await holds(stack, { route, event, counts });
            if (counts.played % 500 === 0) onProgress(`${counts.played} of ${total} inputs`);
          });
          const details = await fc.check(property, {
            numRuns: Math.ceil(total / routes.length / workers),
            seed: seed + i * workers + lane,
          });
          if (details.failed && !signal.aborted)
            violations.push(`${route}: ${fc.defaultReportMessage(details)}`);
        }),
      ),
    );
    const unavailable = counts.statuses[503] ?? 0;
    if (unavailable > Math.max(1, counts.good / goodInputsPerUnavailable))
      violations.push(
        `${unavailable} of ${counts.good} good inputs were answered 503: that is not a busy machine`,
      );
    violations.push(...(await aliases(stack, scaled(spellings, { scale }), seeded(seed))));
    await noteStack(ledger, stack, []);
  } finally {
    await stack.stop();
  }
  signal.throwIfAborted();
  const statuses = Object.entries(counts.statuses).map(([status, count]) => `${count} × ${status}`);
  return {
    id: 'R6',
    what: `${counts.played} fuzzed bodies and events, ${scaled(spellings, { scale })} spellings of one number`,
    goal: '0 × 5xx, 0 wrong accepts, 0 aliases',
    seen: `${violations.length} violations; answers: ${statuses.join(', ')}; ${counts.good} of the inputs were good ones`,
    method:
      'the deployed bundles, in processes of their own, invoked with the events; an oracle that shares no code with the schema',
    seed,
    violations,
  };
}

async function holds(
  stack: LocalStack,
  { route, event, counts }: { route: (typeof routes)[number]; event: unknown; counts: Counts },
): Promise<void> {
  const invocation = await stack.pool(route).invoke(event);
  if (invocation.tag !== 'result') throw new Error(`no answer: ${JSON.stringify(invocation)}`);
  const { statusCode } = v.parse(answerSchema, invocation.result);
  const good = isGood(route, event, purposes);
  counts.played += 1;
  counts.good += good ? 1 : 0;
  counts.statuses[statusCode] = (counts.statuses[statusCode] ?? 0) + 1;
  const isRefused = refusals.includes(statusCode);
  // On a busy machine the worker may not reach the table in time. Such an answer says nothing about the input.
  if (statusCode >= 500 && !(statusCode === 503 && good)) throw new Error(`answered ${statusCode}`);
  if (good && isRefused) throw new Error(`a good request was answered ${statusCode}`);
  if (!good && !isRefused) throw new Error(`a wrong accept: ${statusCode}`);
}

/** Spellings that are another number to the functions, or the number where they must not be. */
async function aliases(stack: LocalStack, count: number, chance: Chance): Promise<readonly string[]> {
  const before = (await storedRecords(stack)).size;
  const violations: string[] = [];
  const ask = async (json: string): Promise<number> => {
    const event = {
      headers: { 'content-type': 'application/json' },
      body: `{"phoneNumber":${json}}`,
      requestContext: {
        requestId: 'r',
        http: { sourceIp: `10.${chance.below(256)}.${chance.below(256)}.1` },
      },
    };
    const invocation = await stack.pool('request-otp').invoke(event);
    return invocation.tag === 'result' ? v.parse(answerSchema, invocation.result).statusCode : 0;
  };
  for (const spelling of spellingsOf(number, count, chance)) {
    const status = await ask(JSON.stringify(spelling));
    if (status !== 400) violations.push(`spelt ${JSON.stringify(spelling)}: answered ${status}`);
  }
  const statuses: number[] = [];
  for (const json of jsonTextsOf(number, Math.ceil(count / 40), chance)) statuses.push(await ask(json));
  const [first, ...others] = statuses;
  if (first !== 202) violations.push(`the number itself was answered ${first}`);
  if (others.some((status) => status !== 429)) violations.push('a JSON escape made another number of it');
  const made = (await storedRecords(stack)).size - before;
  if (made !== 1) violations.push(`${made} items for one number`);
  return violations;
}
