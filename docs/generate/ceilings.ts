/**
 * The ceiling of every item of the table, for the page on the design: how many writes or reads a second it gets, and at
 * which traffic that is more than DynamoDB takes. The figures come from the settings' defaults and the code.
 */
import * as v from 'valibot';
import {
  budgetShards,
  budgetWritesPerSignIn,
  maxItemWritesPerSecond,
  requestsPerShard,
} from '../../functions/limits/budget-shards.ts';
import {
  addressWindowSeconds,
  blockWindowSeconds,
  guessWindowSeconds,
} from '../../functions/limits/limits.ts';
import { probeSpacingSeconds } from '../../functions/settings/fixed-numbers.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { deploymentSettingsSchema } from '../../lib/settings/deployment-settings.ts';

/**
 * Strongly consistent reads per second that DynamoDB takes of one item of at most 4 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const maxItemReadsPerSecond = 3_000;

/**
 * Writes per second that an account's quota allows one on-demand table, and those that a new table takes at once.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html
 */
const tableWritesQuota = 40_000;
const newTableWrites = 4_000;

/** Writes of a sign-in to the number's own item: reserve, count, consume. Tests of the calls of a flow hold it. */
const writesToTheNumber = 3;
/** Writes of a sign-in without extras: those, the address, the budget. */
const writesOfASignIn = writesToTheNumber + 2;
/** With the breakers and the known devices that are on by default: the credit, and the device. */
const writesWithDefaults = writesOfASignIn + 2;

/** The sign-ins a second that the page looks at. */
const traffic = [300, 1_000, 3_000, 10_000] as const;

const settings = parseSettings({ appName: 'Doorcode', audience: 'doorcode-app' });
const { requestRatePerSecond, wellKnownRatePerSecond } = v.parse(deploymentSettingsSchema, {});

const figure = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The ceilings, as Markdown. */
export function ceilings(): string {
  const [firstLimit] = settings.sendLimits;
  const pauseSeconds = firstLimit?.windowSeconds ?? 1;
  const ofAddress = settings.sendsPerIpv4Address / addressWindowSeconds;
  const ofGuesses = Math.ceil((settings.sendsPerIpv4Address * guessWindowSeconds) / addressWindowSeconds);
  const workersInTrouble = maxItemWritesPerSecond * probeSpacingSeconds;
  const items = [
    ['item', 'what it gets', 'its ceiling', 'at 10,000 sign-ins a second'],
    ['---', '---', '---', '---'],
    [
      '`phone#…`, `device#…`, `test#…`',
      `${writesToTheNumber} writes a sign-in of that number, one in ${pauseSeconds} s: ${figure(writesToTheNumber / pauseSeconds)}/s`,
      'grows with the numbers',
      'flat. A flood at one number throttles that number alone, which its limits have refused by then',
    ],
    [
      '`sessions#…`',
      '1 write a refresh of that number, and 1 a sign-in where sessions are on',
      'grows with the numbers',
      'flat',
    ],
    [
      '`address#…`',
      `1 write a request of that address in ${addressWindowSeconds / 60} min, ${figure(ofAddress)}/s up to its limit`,
      'grows with the addresses',
      'flat. An address that asks a thousand times a second throttles itself',
    ],
    [
      '`block#…`',
      `1 write a request for those 1,000 numbers in ${blockWindowSeconds / 60} min`,
      'grows with the blocks',
      'flat',
    ],
    [
      '`guess#…`',
      `while the guess breaker is open, 1 write a guess of that address, ${figure(ofGuesses / guessWindowSeconds)}/s up to its limit`,
      'grows with the addresses',
      'flat',
    ],
    [
      '`budget#…`, with the counters of both breakers',
      `${budgetWritesPerSignIn} writes a sign-in: the send, the code that comes back, one wrong code in five`,
      `${figure(maxItemWritesPerSecond / budgetWritesPerSignIn)} sign-ins/s each; one for each ${figure(requestsPerShard)} of \`requestRatePerSecond\``,
      `${budgetShards({ requestRatePerSecond: 10_000, verifyRatePerSecond: 10_000 })} items`,
    ],
    [
      '`provider`',
      `while the provider fails, 1 write of each worker in ${probeSpacingSeconds} s`,
      `${figure(workersInTrouble)} workers`,
      `bends: with more workers some learn later that the provider is back, by a second for each ${figure(maxItemWritesPerSecond)} workers. Meanwhile they answer 503, as before`,
    ],
    [
      '`jwks`',
      'a read for each fetch that no cache answers; readers keep it for 5 minutes',
      `${figure(maxItemReadsPerSecond)} fetches/s`,
      `flat: \`wellKnownRatePerSecond\` is ${figure(wellKnownRatePerSecond)} by default`,
    ],
    [
      '`init`',
      'a read of each new worker',
      `${figure(maxItemReadsPerSecond)} new workers/s`,
      'flat: Lambda starts 100 a second for a function',
    ],
  ];
  const rates = traffic.map((perSecond) =>
    row([
      figure(perSecond),
      figure(perSecond * writesOfASignIn),
      figure(perSecond * writesWithDefaults),
      String(budgetShards({ requestRatePerSecond: perSecond, verifyRatePerSecond: perSecond })),
      figure(
        (perSecond * budgetWritesPerSignIn) /
          budgetShards({ requestRatePerSecond: perSecond, verifyRatePerSecond: perSecond }),
      ),
    ]),
  );
  return `DynamoDB takes ${figure(maxItemWritesPerSecond)} writes and ${figure(maxItemReadsPerSecond)} reads a second of one item. So an item that all callers share is a ceiling, and one that
belongs to a number or an address is not.

${items.map(row).join('\n')}

The default of \`requestRatePerSecond\` is ${figure(requestRatePerSecond)}.

| sign-ins/s | writes/s without extras | with the breakers and devices that are on by default | budget items | writes/s of each |
|---|---|---|---|---|
${rates.join('\n')}

A new table takes ${figure(newTableWrites)} writes a second at once, and twice its last peak after that. An account's quota is ${figure(tableWritesQuota)} for a
table, which is ${figure(Math.floor(tableWritesQuota / writesWithDefaults))} sign-ins a second with the defaults: raise it, and API Gateway's 10,000 requests a second, before you need more.`;
}
