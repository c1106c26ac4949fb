/**
 * For each scenario, tries every order in which the table calls of two actors can happen. Then it tries the same orders
 * with the answer of each single call lost, so that the SDK's own retry comes later.
 */

import { noCounters, startFlow } from '../../test-kit/flow.ts';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable } from '../../test-kit/test-table.ts';
import type { Figure, Run } from '../figure.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type ActorName, type Lost, ordersOf, schedule } from './schedule.ts';

/** Runs all orders. They are few enough. */
export async function interleavings({ seed, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const violations: string[] = [];
  let played = 0;
  try {
    for (const scenario of scenarios) {
      for (const lost of lossesOf(scenario)) {
        const turns = turnsOf(scenario, lost);
        for (const order of ordersOf(turns.A, turns.B)) {
          signal.throwIfAborted();
          const found = await play(scenario, order, lost);
          const where = `${scenario.name}, in the order ${order.join('')}${lost ? `, answer ${lost.call} of ${lost.actor} lost` : ''}`;
          violations.push(...found.map((sentence) => `${where}: ${sentence}`));
          played += 1;
        }
      }
      onProgress(`${played} orders, ${violations.length} violations`);
    }
  } finally {
    table.client.destroy();
    await server.stop();
  }
  return {
    id: 'R2, every order',
    what: `every order of the table calls of two actors, in ${scenarios.length} scenarios`,
    goal: 'one jti, one SMS, nobody locked out',
    seen: `${violations.length} violations in ${played} orders`,
    method:
      'the flow itself on the real table server; each order alone, and with the answer of each single call lost',
    seed,
    violations,
  };

  async function play(
    scenario: Scenario,
    order: readonly ActorName[],
    lost: Lost | undefined,
  ): Promise<readonly string[]> {
    const race = schedule(table, order, lost);
    const flow = startFlow(race.table, {}, noCounters);
    const { A, B, check } = await scenario.prepare(flow);
    return check(await race.run({ A, B }));
  }
}

function lossesOf({ calls }: Scenario): readonly (Lost | undefined)[] {
  const of = (actor: ActorName): Lost[] =>
    Array.from({ length: calls[actor] }, (_, call) => ({ actor, call }));
  return [undefined, ...of('A'), ...of('B')];
}

/** A lost answer costs its actor a turn more. */
function turnsOf({ calls }: Scenario, lost: Lost | undefined): Readonly<Record<ActorName, number>> {
  return {
    A: calls.A + (lost?.actor === 'A' ? 1 : 0),
    B: calls.B + (lost?.actor === 'B' ? 1 : 0),
  };
}
