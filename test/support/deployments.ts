/** One deployment after another: the same table and identity secret, one clock, and settings that change. */
import type { SettingsInput } from '../../functions/settings/settings.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import type { TestTable } from '../../test-kit/test-table.ts';

/** Deploys with settings; flows of earlier deployments go on working beside it, as old workers do. */
export type Deploy = (settings: Partial<SettingsInput>) => Flow;

/** The deployments of one stack. */
export function deployments(table: TestTable, startsAt = 1_800_000_100): Deploy {
  const secret = `${Math.random()}`.padEnd(64, 'i');
  const clock = { now: startsAt };
  return (settings) => {
    const flow = startFlow(table, settings, undefined, secret);
    Object.defineProperty(flow.state, 'now', {
      get: () => clock.now,
      set: (now: number) => {
        clock.now = now;
      },
    });
    return flow;
  };
}
