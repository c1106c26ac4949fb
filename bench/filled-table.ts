/**
 * P9, measured: sign-ins on a table that holds a million other numbers and more. A generator writes copies of a number's
 * item into the file of the table server, under keys that no flow makes. The table server keeps a tree on disk, which grows
 * deeper. DynamoDB finds an item by the hash of its key in one of its partitions, and has more of those for more items.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startOwnTableServer } from '../local/table-server.ts';
import { median } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import { type MeasuredProcess, startFlows } from './measured-process.ts';
import { startWorkbench, type Workbench } from './workbench.ts';

const numbersPerRound = 100;
const warmRounds = 3;
const rounds = 7;
/** Rows of one transaction. */
const batchRows = 100_000;

/** Sign-ins with so many other numbers in the table. */
export interface Filled {
  readonly numbers: number;
  readonly cpuMs: number;
  /** The mean of both calls of a sign-in, with four sign-ins at once. */
  readonly wallMs: number;
  readonly writesPerFlow: number;
  readonly megabytes: number;
}

/** Measures sign-ins at each size, which must rise. */
export async function measureFilled(sizes: readonly number[]): Promise<readonly Filled[]> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-filled-'));
  const file = join(directory, 'table.db');
  const server = await startOwnTableServer(file);
  const before = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = server.url;
  const bench = await startWorkbench().finally(() => {
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    else process.env['AWS_ENDPOINT_URL_DYNAMODB'] = before;
  });
  const flows = startFlows(bench);
  const measured: Filled[] = [];
  try {
    for (let i = 0; i < warmRounds; i += 1) await signIns(bench, flows);
    let filled = 0;
    for (const numbers of sizes) {
      fill(file, { table: bench.stack.deployment.table.name, from: filled, to: numbers });
      filled = numbers;
      const taken = [];
      for (let i = 0; i < rounds; i += 1) taken.push(await signIns(bench, flows));
      measured.push({
        numbers,
        cpuMs: median(taken.map(({ cpuMs }) => cpuMs)),
        wallMs: median(taken.map(({ wallMs }) => wallMs)),
        writesPerFlow: median(taken.map(({ writes }) => writes)),
        megabytes: statSync(file).size / 1e6,
      });
    }
  } finally {
    await flows.stop();
    await bench.stop();
    await server.stop();
    rmSync(directory, { recursive: true });
  }
  return measured;
}

/** Signs a batch of numbers in; gives the mean of one. */
async function signIns(bench: Workbench, flows: MeasuredProcess) {
  bench.takeCodes();
  bench.takeRecorded();
  const request = await flows.ask({ request: Array.from({ length: numbersPerRound }, freshNumber) });
  const verify = await flows.ask({ verify: Object.fromEntries(bench.takeCodes()) });
  const { writes } = bench.takeRecorded();
  const atOnce = 4;
  return {
    cpuMs: (request.cpuMs + verify.cpuMs) / numbersPerRound,
    wallMs: ((request.wallMs + verify.wallMs) * atOnce) / numbersPerRound,
    writes: writes.filter((body) => body.includes('"UpdateExpression"')).length / numbersPerRound,
  };
}

/** Writes the copies `from` to `to` of the largest item of a number into the file. */
function fill(
  file: string,
  { table, from, to }: { readonly table: string; readonly from: number; readonly to: number },
): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF');
    const model = database
      .prepare(
        `SELECT pk, item_json, item_size, hash_prefix FROM "${table}" WHERE pk LIKE 'S:phone#%' ORDER BY item_size DESC LIMIT 1`,
      )
      .get();
    if (model === undefined) throw new Error('the table has no item of a number to copy');
    const { pk, item_json: json, item_size: size, hash_prefix: prefix } = model;
    const key = String(pk).slice('S:'.length);
    // An odd factor makes every 32-bit key once, in an order that has nothing of the keys' own.
    const insert = database.prepare(
      `INSERT INTO "${table}" (pk, item_json, item_size, hash_prefix)
       WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       SELECT 'S:' || k, replace(?, ?, k), ?, ? FROM (SELECT printf('phone#%022x', (i * 2654435761) & 4294967295) AS k FROM n)`,
    );
    for (let at = from; at < to; at += batchRows) {
      insert.run(at, Math.min(to, at + batchRows), String(json), key, Number(size), String(prefix));
    }
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

/** The measurement as a table. */
export function filledTable(measured: readonly Filled[]): string {
  const rows = measured.map(
    ({ numbers, cpuMs, wallMs, writesPerFlow, megabytes }) =>
      `| ${numbers.toLocaleString('en-US')} | ${writesPerFlow} | ${cpuMs.toFixed(2)} ms | ${wallMs.toFixed(1)} ms | ${megabytes.toFixed(0)} MB |`,
  );
  return [
    `Sign-ins with other numbers in the table, measured on the table server (a tree on disk; median of ${rounds} rounds of ${numbersPerRound}, four at once):`,
    '',
    '| other numbers | writes of a sign-in | CPU of a sign-in | both calls, without distance | file |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}
