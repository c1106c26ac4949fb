/**
 * `npm run bench`: every P figure, and U1, with its goal beside it. `--write` keeps them. The command prints a missed goal
 * and still succeeds, because the figures that do not depend on the machine are tests as well. `--load` is the load run,
 * `--seconds` its length, `--sends` and `--verifies` its rates per second. An error in the load run fails the command.
 */
import { parseArgs } from 'node:util';
import { startLocalStack } from '../local/local-stack.ts';
import { writeSection } from '../test-kit/page-section.ts';
import { bundleSizeFigure } from './bundle-sizes.ts';
import { costFigures, costItems, sumOf } from './cost.ts';
import { filledTable, measureFilled } from './filled-table.ts';
import { firstCodeFigure } from './first-code.ts';
import { flowFigures } from './flows.ts';
import { growth } from './growth.ts';
import { launchFigures } from './launches.ts';
import { runLoad } from './load.ts';
import { operationsFigure, operationsPerFlow } from './operations.ts';
import { peerTable } from './peer-prices.ts';
import { profileOfFlows } from './profile.ts';
import { benchPage, evidencePage, runOf } from './results.ts';
import { roomyLimits, roomyProvider, startWorkbench, type Workbench } from './workbench.ts';

const { values } = parseArgs({
  options: {
    load: { type: 'boolean', default: false },
    /** Says where the CPU of a flow goes, and measures nothing else. */
    profile: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '30' },
    sends: { type: 'string', default: '15' },
    verifies: { type: 'string', default: '200' },
    /** Of P2, P3, P5 and P6; the goals ask for 21 at least. */
    rounds: { type: 'string', default: '21' },
  },
});

/** How many other numbers are in the table of P9. */
const otherNumbers = [0, 1_000_000, 3_000_000] as const;

/** P7 and P8 compare a deployment without extras with one of the default settings. */
async function costs({ stack: plain }: Workbench): ReturnType<typeof costItems> {
  const stack = await startLocalStack({ settings: roomyLimits });
  stack.provider.control(roomyProvider);
  try {
    return await costItems(plain, stack);
  } finally {
    await stack.stop();
  }
}

async function bench(): Promise<void> {
  const workbench = await startWorkbench();
  try {
    const say = (what: string): void => console.error(`… ${what}`);
    say('U1');
    const first = await firstCodeFigure();
    say('P4, P7');
    const operations = operationsFigure(await operationsPerFlow(workbench.stack));
    const bill = await costs(workbench);
    say('P2, P3, P6');
    const launches = await launchFigures(workbench, positive('rounds'));
    say('P5, P6, P8');
    const flows = await flowFigures(workbench, positive('rounds'));
    say('P9');
    const filled = await measureFilled(otherNumbers);
    const grown = growth();
    const figures = [
      bundleSizeFigure(),
      ...launches.figures,
      operations,
      ...flows,
      ...costFigures(bill),
      grown.figure,
      first,
    ];
    const ours = (['by traffic', 'an extra', 'a month'] as const).reduce(
      (sum, kind) => sum + sumOf(bill, kind),
      0,
    );
    const tables = [launches.memoryTable, grown.tables, filledTable(filled), peerTable(ours)];
    const page = benchPage(figures, { costs: bill, tables });
    console.log(page);
    if (values.write) writeSection(evidencePage, 'bench', page);
  } finally {
    await workbench.stop();
  }
}

async function load(): Promise<void> {
  const seconds = positive('seconds');
  const rates = { sendsPerSecond: positive('sends'), verifiesPerSecond: positive('verifies') };
  const { statuses, failures, lines } = await runLoad({ seconds, ...rates });
  const counted = Object.entries(statuses).map(([key, count]) => `${key}: ${count}`);
  const wrong =
    failures.length === 0 ? 'nothing went wrong' : `${failures.length} went wrong: ${failures[0]}`;
  const title = `${runOf()}; ${seconds} s of ${rates.sendsPerSecond} sends/s and ${rates.verifiesPerSecond} verifies/s, after 15 s in which it rises; client, stack and servers on the same cores`;
  const page = [title, [...lines, ...counted.toSorted(), wrong].map((line) => `- ${line}`).join('\n')].join(
    '\n\n',
  );
  console.log(page);
  if (values.write) writeSection(evidencePage, 'load', page);
  if (failures.length > 0) process.exitCode = 1;
}

function positive(name: 'seconds' | 'sends' | 'verifies' | 'rounds'): number {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value <= 0) throw new RangeError(`--${name} is a number above 0`);
  return value;
}

async function profile(): Promise<void> {
  const workbench = await startWorkbench();
  const page = await profileOfFlows(workbench).finally(() => workbench.stop());
  console.log(page);
  if (values.write) writeSection(evidencePage, 'profile', `${runOf()}\n\n${page}`);
}

await (values.load ? load() : values.profile ? profile() : bench());
