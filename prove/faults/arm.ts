/** Makes a stage ready for a case, and puts it right again. */

import type { Cell, TableFault } from './cell.ts';
import type { Stage } from './stage.ts';

/** The other requests of a case are made with the machine's own time; this is how long ago its first one was. */
export const secondsBefore = 150;

/** A secret is refreshed before use when it is older than five minutes. */
const staleSeconds = 301;

/** Which call of its function a table fault means: the item, and how many calls to such items come before it. */
const calls: Readonly<Record<TableFault['at'], { readonly keyPrefix: string; readonly skip: number }>> = {
  address: { keyPrefix: 'address', skip: 0 },
  reserve: { keyPrefix: 'phone', skip: 0 },
  mark: { keyPrefix: 'phone', skip: 0 },
  budget: { keyPrefix: 'budget', skip: 0 },
  release: { keyPrefix: 'phone', skip: 1 },
  'give back': { keyPrefix: 'budget', skip: 1 },
  count: { keyPrefix: 'phone', skip: 0 },
  consume: { keyPrefix: 'phone', skip: 1 },
  remember: { keyPrefix: 'device', skip: 0 },
  statistics: { keyPrefix: 'budget', skip: 0 },
};

/** The function that a case is about. */
export function functionOf({ flow }: Cell): 'request-otp' | 'verify-otp' {
  return isRequest(flow) ? 'request-otp' : 'verify-otp';
}

/** Whether a case is about asking for a code. */
export function isRequest(flow: Cell['flow']): boolean {
  return flow === 'request' || flow === 'request of a known device';
}

/** Switches everything on that a case is about. */
export async function arm(
  { stack, arnOf, providerKey }: Stage,
  cell: Cell,
  phoneNumber: string,
): Promise<void> {
  const { table, secret, provider, clockSeconds = 0 } = cell;
  const pool = stack.pool(functionOf(cell));
  pool.shiftClock(clockSeconds + (secret?.worker === 'stale' ? staleSeconds : 0));
  if (provider) {
    const { profile, row } = provider;
    stack.provider.control({ profile, addKey: { key: providerKey, label: 'first' } });
    stack.provider.control(row.change(phoneNumber));
  }
  if (secret) {
    const { variable, versionStage, mode, worker } = secret;
    const secretArn = arnOf(variable);
    stack.faults.add({
      service: 'secretsmanager',
      secretArn,
      versionStage,
      mode,
      function: functionOf(cell),
    });
    if (worker === 'cold') {
      await pool.restart();
      pool.prestart(1);
    }
  }
  if (table) {
    const { at, mode, tries: times } = table;
    const { keyPrefix, skip } = calls[at];
    const isInLane = cell.flow === 'request of a known device' && keyPrefix === 'phone' && at !== 'mark';
    stack.faults.add({
      service: 'dynamodb',
      function: functionOf(cell),
      keyPrefix: isInLane ? 'device' : keyPrefix,
      skip,
      mode,
      times,
    });
  }
}

/** Switches everything off; clocks are right again. */
export function disarm({ stack, providerKey }: Stage): void {
  stack.faults.clear();
  stack.provider.control({
    profile: 'observed',
    account: 'active',
    balance: 1_000,
    callers: [],
    fault: null,
    addKey: { key: providerKey, label: 'first' },
    requestsPerThrottleWindow: 1_000_000,
  });
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(0);
}
