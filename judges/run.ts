/**
 * `npm run judges`: tools that others wrote judge Doorcode, each at the task that it is trusted for. What they need is
 * installed from lists with hashes, into a folder that git ignores.
 */
import { parseArgs } from 'node:util';
import type { Judge, Verdict } from './judge.ts';
import { judges } from './judges.ts';
import { missingNeed } from './needs.ts';
import { keepVerdict } from './results.ts';

const help = `npm run judges -- [name …] [options]

  names     ${judges.map(({ name }) => name).join(', ')}; without one, all
  --quick   those that npm run check waits for, some of them in part; nothing is written
  --keep    writes what they said into docs/evidence.md; without names that is the default
`;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function show({ name }: Judge, verdict: Verdict, tookSeconds: number): boolean {
  const { tool, given, cases, findings, decisions, mistake } = verdict;
  const isFound = mistake.found.length > 0;
  console.log(`${name}: ${tool}\n  given     ${given}\n  cases     ${cases}, in ${tookSeconds} s`);
  for (const finding of findings) console.log(`  FINDING   ${finding}`);
  for (const { finding, reason } of decisions) console.log(`  decided   ${finding}: ${reason}`);
  console.log(`  mistake   ${mistake.what}: ${isFound ? `found, ${mistake.found[0]}` : 'NOT FOUND'}`);
  const accepts = findings.length === 0 && isFound && cases > 0;
  console.log(accepts ? '  accepted\n' : '  NOT ACCEPTED\n');
  return accepts;
}

interface Wanted {
  readonly isQuick: boolean;
  readonly keeps: boolean;
}

async function judgeOne(judge: Judge, counts: Counts, { isQuick, keeps }: Wanted): Promise<void> {
  const missing = await missingNeed(judge.needs);
  if (missing !== undefined) {
    counts.skipped += 1;
    console.log(`${judge.name}: skipped: no ${missing}\n`);
    return;
  }
  const startedAtMs = performance.now();
  try {
    const verdict = await ((isQuick && judge.part) || judge.judge)();
    const accepts = show(judge, verdict, Math.round((performance.now() - startedAtMs) / 1000));
    counts[accepts ? 'passed' : 'failed'] += 1;
    const names = judges.map(({ name }) => name);
    if (keeps) keepVerdict(judge, verdict, names);
  } catch (error) {
    counts.failed += 1;
    console.log(`${judge.name}: could not judge: ${error instanceof Error ? error.message : error}\n`);
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
});
const unknown = positionals.find((wanted) => judges.every(({ name }) => name !== wanted));
if (unknown === undefined) {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const chosen = judges.filter(
    ({ name, isQuick }) =>
      (positionals.length === 0 || positionals.includes(name)) && (isQuick || !values.quick),
  );
  // A part of a judge's work is no verdict to keep.
  const wanted = { isQuick: values.quick, keeps: !values.quick && (values.keep || positionals.length === 0) };
  for (const judge of chosen) await judgeOne(judge, counts, wanted);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
} else {
  console.error(`There is no judge ${unknown}.\n\n${help}`);
  process.exitCode = 2;
}
