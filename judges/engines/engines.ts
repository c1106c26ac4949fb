/**
 * The table's calls, judged by engines that others wrote, each with a parser of expressions of its own. Amazon's DynamoDB
 * Local is not among them: its licence is the vendor's own terms.
 */
import type { Verdict } from '../judge.ts';
import { decide, type EngineSaid } from './decisions.ts';
import { startDynalite } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { runFlowTests } from './flow-tests.ts';
import { startMoto } from './moto.ts';
import { runProofs } from './proofs.ts';
import { type Recorded, record } from './record.ts';
import { kindOf } from './recorded.ts';
import { refuse } from './refuse.ts';
import { refusedCalls } from './refused-calls.ts';
import { replay } from './replay.ts';
import type { TableCall } from './table-call.ts';

const seed = 20_261_126;

/** Starts the engines, and gives each of them everything. */
export async function judgeEngines(): Promise<Verdict> {
  const recorded = await record(refusedCalls);
  const engines = await Promise.all([startDynalite(), startMoto()]);
  try {
    return verdictOf(recorded, await askAll(engines, recorded));
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
  }
}

interface Answers extends EngineSaid {
  /** What it said of the mistake. */
  readonly mistakes: readonly string[];
}

/** One engine runs the tests while another has the proofs, which all run in this process. */
async function askAll(engines: readonly Engine[], { histories }: Recorded): Promise<readonly Answers[]> {
  const [flows, figures] = await Promise.all([
    inTurn(engines, ({ url }) => runFlowTests(url, 'short')),
    inTurn(engines.toReversed(), ({ url }) => runProofs(url, seed)),
  ]);
  return inTurn(engines, async ({ tool, url }, at) => {
    const replayed = await replay(url, histories);
    const wrong = await replay(url, histories, inCapitals);
    return {
      tool,
      replayed,
      mistakes: wrong.differences.filter((difference) => !replayed.differences.includes(difference)),
      refusals: await refuse(url, refusedCalls),
      flows: there(flows[at]),
      figures: there(figures.toReversed()[at]),
    };
  });
}

async function inTurn<T, R>(all: readonly T[], work: (one: T, at: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [at, one] of all.entries()) results.push(await work(one, at));
  return results;
}

function there<T>(result: T | undefined): T {
  if (result === undefined) throw new Error('an engine was not asked');
  return result;
}

function verdictOf(recorded: Recorded, said: readonly Answers[]): Verdict {
  const { findings, decisions } = decide(recorded.refusals, said);
  const calls = recorded.histories.flat();
  const kinds = new Set(calls.map(kindOf)).size;
  const casesOf = ({ flows, replayed, figures }: Answers): number =>
    flows.tests + replayed.calls + refusedCalls.length + figures.length;
  return {
    tool: said.map(({ tool }) => tool).join(', '),
    given: [
      `${said[0]?.flows.tests} tests of flows, table and sessions`,
      `${calls.length} calls of ${kinds} kinds, from the ${recorded.calls} that ${recorded.flows.tests} tests made on dynoxide`,
      `${refusedCalls.length} calls that DynamoDB refuses`,
      ...(said[0]?.figures ?? []).map(({ id, what }) => `${id}: ${what}`),
    ].join('; '),
    cases: said.reduce((sum, answers) => sum + casesOf(answers), 0),
    findings: [
      ...recorded.flows.failed.map((failed) => `dynoxide, behind the recorder: ${failed}`),
      ...findings,
    ],
    decisions,
    mistake: {
      what: 'a function of a condition in capitals, which dynoxide takes',
      found: said.flatMap(({ tool, mistakes }) => mistakes.map((mistake) => `${tool}: ${mistake}`)),
    },
  };
}

/** The names of functions are case-sensitive. */
function inCapitals({ operation, input }: TableCall): TableCall {
  const condition = input['ConditionExpression'];
  if (typeof condition !== 'string') return { operation, input };
  const changed = condition.replaceAll('attribute_', 'ATTRIBUTE_');
  return { operation, input: { ...input, ConditionExpression: changed } };
}
