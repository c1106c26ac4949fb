/**
 * P9: what grows with the traffic and with the numbers. It is a model: the writes of a flow, and DynamoDB's documented limit
 * for one item. A table here says nothing of DynamoDB's own growth, which finds an item by the hash of its key, so its time
 * does not depend on how many there are.
 */
import {
  budgetShards,
  budgetWritesPerSignIn,
  maxItemWritesPerSecond,
} from '../functions/limits/budget-shards.ts';
import type { Figure } from './figure.ts';
import { prices } from './prices.ts';

const flowsPerSecond = [10, 100, 300, 1_000, 3_000, 10_000] as const;
const millionsOfNumbers = [1, 10, 100] as const;
const bytesOfANumber = 1_000;

/** What the busiest item gets at a rate. */
export interface Load {
  readonly perSecond: number;
  readonly shards: number;
  readonly busiestWrites: number;
}

/** The busiest item that all callers share, at each rate, where the rates of the settings are those of the traffic. */
export function loads(): readonly Load[] {
  return flowsPerSecond.map((perSecond) => {
    const shards = budgetShards({ requestRatePerSecond: perSecond, verifyRatePerSecond: perSecond });
    return { perSecond, shards, busiestWrites: (perSecond * budgetWritesPerSignIn) / shards };
  });
}

/** P9 as a row and two tables. */
export function growth(): { readonly figure: Figure; readonly tables: string } {
  const busiest = Math.max(...loads().map(({ busiestWrites }) => busiestWrites));
  const share = (busiest / maxItemWritesPerSecond) * 100;
  const traffic = loads().map(
    ({ perSecond, shards, busiestWrites }) =>
      `| ${perSecond.toLocaleString('en-US')} | ${shards} | ${busiestWrites.toFixed(0)} | ${((100 * busiestWrites) / maxItemWritesPerSecond).toFixed(0)} % |`,
  );
  const numbers = millionsOfNumbers.map((millions) => {
    const gb = (millions * 1_000_000 * bytesOfANumber) / 1e9;
    return `| ${millions} million | 1 | ${gb.toFixed(0)} GB | ${(gb * prices.tableGbMonth.usd).toFixed(2)} USD |`;
  });
  return {
    figure: {
      id: 'P9',
      what: 'the busiest item of the table, from 10 to 10,000 flows a second',
      goal: 'flat; the budget does not bend below 3,000/s',
      figure: `${share.toFixed(0)} % of what one item takes`,
      isMet: share < 100,
      peers: '',
      method:
        'a model: writes of a flow to the item, and DynamoDB’s documented 1,000 writes a second of one item',
    },
    tables: [
      'P9, by traffic and by numbers:',
      '',
      '| flows/s | budget items | writes/s of the busiest | of what it takes |',
      '| ---: | ---: | ---: | ---: |',
      ...traffic,
      '',
      '| numbers | write units of a number’s item | table | a month |',
      '| ---: | ---: | ---: | ---: |',
      ...numbers,
      '',
      'The curve of traffic bends where one item gets 1,000 writes a second. `requestRatePerSecond` and `verifyRatePerSecond` move that: they decide how many items hold the budget. A new table takes fewer writes at once, and an account has quotas of its own ([how much the table takes](design.md#how-much-the-table-takes)). The curve of numbers does not bend: no call of a flow searches, each names one item by its key, and each item of a number stays below 1 KB; so calls, units and time are the same at 10 and 100 million, and storage alone grows.',
    ].join('\n'),
  };
}
