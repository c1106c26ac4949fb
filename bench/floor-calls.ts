/**
 * The floor as a program: bundled like a function, with the calls that a flow of ours made. A recorded write keeps its
 * expressions and values, and gets a condition that always holds, because it is made again for other numbers.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/bundle.ts';
import type { FloorCalls } from './floor.ts';
import { freshNumber } from './gateway-event.ts';
import { startFlows } from './measured-process.ts';
import type { Workbench } from './workbench.ts';

/** How many writes each half of a flow makes, without extras. */
const writesOf = { request: 3, verify: 2 } as const;

export interface Floor {
  readonly file: string;
  /** Where the recorded calls are. */
  readonly env: Readonly<Record<string, string>>;
}

/** Bundles the floor into `directory`, with what one flow of ours made the servers next door see. */
export async function buildFloor(bench: Workbench, directory: string): Promise<Floor> {
  const ours = startFlows(bench);
  bench.takeRecorded();
  bench.takeCodes();
  await ours.ask({ request: [freshNumber()] });
  await ours.ask({ verify: Object.fromEntries(bench.takeCodes()) });
  await ours.stop();
  const { writes, sms } = bench.takeRecorded();
  const updates = writes.map((body) => JSON.parse(body)).filter(({ UpdateExpression }) => UpdateExpression);
  const [first] = sms;
  if (updates.length !== writesOf.request + writesOf.verify || first === undefined)
    throw new Error(`expected five writes and an SMS, not ${updates.length} and ${sms.length}`);
  const always = updates.map(({ ConditionExpression, ...update }) => ({
    ...update,
    ConditionExpression: [ConditionExpression, 'attribute_not_exists(neverThere)']
      .filter(Boolean)
      .join(' OR '),
  }));
  const calls: FloorCalls = {
    request: always.slice(0, writesOf.request),
    verify: always.slice(writesOf.request),
    sms: first,
  };
  const env = { FLOOR_CALLS: join(directory, 'floor-calls.json') };
  writeFileSync(env.FLOOR_CALLS, JSON.stringify(calls));
  const file = join(directory, 'floor.cjs');
  buildSync({ ...bundleOptions('bench/floor.ts', []), outfile: file });
  return { file, env };
}
