/**
 * Two actors whose calls to the table happen in an order that is chosen: each call waits for its actor's turn. An
 * actor's call can be repeated, as the SDK repeats a write whose answer got lost: then it takes two turns, and anything
 * may happen between them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { TestTable } from '../../test-kit/test-table.ts';

export type ActorName = 'A' | 'B';

/** The call whose answer gets lost: the `call`-th of an actor, counted from 0. */
export interface Lost {
  readonly actor: ActorName;
  readonly call: number;
}

interface Turn {
  readonly actor: ActorName;
  readonly go: () => void;
}

export interface Schedule {
  /** The table as both see it. */
  readonly table: TestTable;
  /** Runs both; calls happen in the order of `turns`, and when those are used up, as they come. */
  run<A, B>(actors: { A: () => Promise<A>; B: () => Promise<B> }): Promise<readonly [A, B]>;
  /** The number of turns of each actor. */
  readonly taken: Readonly<Record<ActorName, number>>;
}

/** A schedule of one run. */
export function schedule(real: TestTable, turns: readonly ActorName[], lost: Lost | undefined): Schedule {
  const running = new AsyncLocalStorage<ActorName>();
  const order = [...turns];
  const waiting: Turn[] = [];
  const ended = new Set<ActorName>();
  const taken = { A: 0, B: 0 };
  const calls = { A: 0, B: 0 };
  let isBusy = false;

  const next = (): void => {
    if (isBusy) return;
    while (order[0] !== undefined && ended.has(order[0])) order.shift();
    const wanted = order[0];
    const at = wanted === undefined ? 0 : waiting.findIndex(({ actor }) => actor === wanted);
    const [turn] = at < 0 ? [] : waiting.splice(at, 1);
    if (turn === undefined) return;
    order.shift();
    taken[turn.actor] += 1;
    isBusy = true;
    turn.go();
  };
  const inTurn = async <T>(actor: ActorName, work: () => Promise<T>): Promise<T> => {
    await new Promise<void>((go) => {
      waiting.push({ actor, go });
      next();
    });
    try {
      return await work();
    } finally {
      isBusy = false;
      // The actor that was just served makes its next call before the schedule chooses again.
      setImmediate(next);
    }
  };
  const send = async (command: never): Promise<unknown> => {
    const actor = running.getStore();
    if (actor === undefined) return real.client.send(command);
    const isLost = lost?.actor === actor && lost.call === calls[actor];
    calls[actor] += 1;
    if (isLost) await inTurn(actor, () => real.client.send(command)).catch(() => undefined);
    return inTurn(actor, () => real.client.send(command));
  };
  const client = Object.assign(Object.create(real.client), { send });

  return {
    table: { ...real, client, singleTryClient: () => client },
    run: ({ A, B }) => {
      const play = <T>(actor: ActorName, work: () => Promise<T>): Promise<T> =>
        running.run(actor, work).finally(() => {
          ended.add(actor);
          next();
        });
      return Promise.all([play('A', A), play('B', B)]);
    },
    taken,
  };
}

/** Every order in which `a` turns of A and `b` turns of B can come. */
export function ordersOf(a: number, b: number): readonly (readonly ActorName[])[] {
  if (a === 0) return [Array.from({ length: b }, () => 'B' as const)];
  if (b === 0) return [Array.from({ length: a }, () => 'A' as const)];
  return [
    ...ordersOf(a - 1, b).map((rest) => ['A' as const, ...rest]),
    ...ordersOf(a, b - 1).map((rest) => ['B' as const, ...rest]),
  ];
}
