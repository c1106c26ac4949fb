/**
 * The floor as a program: bundled like a function, with the calls that flows of ours made. A recorded write keeps its
 * expressions and values. It gets a condition that always holds, because it is made again for other numbers; the write by
 * which a request was refused gets one that never does.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/bundle.ts';
import type { FloorCalls, FloorKind } from './floor.ts';
import { freshNumber } from './gateway-event.ts';
import { startFlows } from './measured-process.ts';
import type { Workbench } from './workbench.ts';

/** How many writes each kind makes, without extras. A start is the last of the three of its verify. */
const writesOf: Readonly<Record<FloorKind, number>> = {
  request: 3,
  refused: 2,
  wrong: 1,
  verify: 2,
  start: 3,
  refresh: 1,
};

export interface Floor {
  readonly file: string;
  /** Where the recorded calls are. */
  readonly env: Readonly<Record<string, string>>;
}

/** Codes that are not those. */
export function wrongCodes(codes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(codes).map(([number, code]) => [number, `${(Number(code[0]) + 1) % 10}${code.slice(1)}`]),
  );
}

/** Bundles the floor into `directory`, with what one flow of ours of each kind made the servers next door see. */
export async function buildFloor(bench: Workbench, directory: string): Promise<Floor> {
  const calls = await recordedCalls(bench);
  const env = { FLOOR_CALLS: join(directory, 'floor-calls.json') };
  writeFileSync(env.FLOOR_CALLS, JSON.stringify(calls));
  const file = join(directory, 'floor.cjs');
  buildSync({ ...bundleOptions('bench/floor.ts', []), outfile: file });
  return { file, env };
}

async function recordedCalls(bench: Workbench): Promise<FloorCalls> {
  const ours = startFlows(bench);
  let sms: string | undefined;
  const made = async (kind: FloorKind, input: unknown): Promise<readonly UpdateItemCommandInput[]> => {
    bench.takeRecorded();
    await ours.ask({ [kind]: input });
    const recorded = bench.takeRecorded();
    sms ??= recorded.sms[0];
    const updates = recorded.writes.map((body) => JSON.parse(body)).filter((of) => of.UpdateExpression);
    if (updates.length === writesOf[kind]) return updates;
    throw new Error(`expected ${writesOf[kind]} writes of ${kind}, not ${updates.length}`);
  };
  const always = (updates: readonly UpdateItemCommandInput[]): readonly UpdateItemCommandInput[] =>
    updates.map((update) => ({ ...update, ...either(update.ConditionExpression) }));
  const codes = (): Record<string, string> => Object.fromEntries(bench.takeCodes());
  try {
    codes();
    const [number, other] = [freshNumber(), freshNumber()];
    const request = await made('request', [number]);
    const [counted, refusal] = await made('refused', [number]);
    if (counted === undefined || refusal === undefined || sms === undefined) throw new Error('no SMS');
    const typed = codes();
    const wrong = await made('wrong', wrongCodes(typed));
    const verify = await made('verify', typed);
    await made('request', [other]);
    const start = await made('start', codes());
    const refresh = await made('refresh', [other]);
    const never = `(${refusal.ConditionExpression}) AND attribute_exists(neverThere)`;
    const writes = {
      request: always(request),
      refused: [...always([counted]), { ...refusal, ConditionExpression: never }],
      wrong: always(wrong),
      verify: always(verify),
      start: always(start),
      refresh: always(refresh),
    };
    return { writes, sms };
  } finally {
    await ours.stop();
  }
}

function either(condition: string | undefined): Pick<UpdateItemCommandInput, 'ConditionExpression'> {
  const conditions = [condition, 'attribute_not_exists(neverThere)'].filter(Boolean);
  return { ConditionExpression: conditions.join(' OR ') };
}
