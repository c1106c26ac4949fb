/**
 * A race: several processes guess codes of one request, and all their calls meet at the table in the same moment. The
 * flow is run directly, without HTTP and gateway in front, so that as many rounds are possible as the goals name; the
 * same races through the whole stack stand in test/stack.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { SettingsInput } from '../../functions/settings/settings.ts';
import { noCounters, startFlow } from '../../test-kit/flow.ts';
import { startGatedTable } from './gated-table.ts';
import type { Round, Told, World } from './racer.ts';

export const processes = 4;

/** If fewer calls come than expected, the gate opens after this time, and the round does not count as a race. */
const meetWithinMs = 30_000;

export interface Race {
  /** A number with a live request, whose code is known here. */
  start(round: number): Promise<{ requestId: string; code: string; now: number; phoneNumber: string }>;
  /** Runs guesses at once; their first calls meet, and so do `consumes` of those that win so far. */
  run(
    round: Omit<Round, 'now'> & { now: number },
    consumes: number,
  ): Promise<{ told: readonly Told[]; met: boolean }>;
  /** How many attempts the table has counted for a number since its last success. */
  counted(phoneNumber: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the processes, `guesses` in all at once. */
export async function startRace(guesses: number, settings: Partial<SettingsInput> = {}): Promise<Race> {
  const gated = await startGatedTable(guesses);
  const identitySecret = `${Math.random()}`.padEnd(64, 'i');
  const flow = startFlow(gated.table, settings, noCounters, identitySecret);
  const world: World = {
    endpoint: gated.endpoint,
    tableName: gated.table.tableName,
    identitySecret,
    settings,
    guessesAtOnce: Math.ceil(guesses / processes),
  };
  const racers = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, 'racer.ts'), { execArgv: [], detached: true }),
  );
  await Promise.all(racers.map((racer) => ask(racer, { world })));

  return {
    start: async (round) => {
      const phoneNumber = `+91${9_000_000_000 + round}`;
      const outcome = await flow.request(phoneNumber);
      if (outcome.tag !== 'accepted') throw new Error(`the request of round ${round}: ${outcome.tag}`);
      return { requestId: outcome.requestId, code: flow.lastCode(), now: flow.state.now, phoneNumber };
    },
    run: async (round, consumes) => {
      gated.gate.hold({ action: 'other' }, round.guesses.length);
      if (consumes > 1) gated.gate.hold({ action: 'consume' }, consumes);
      const state = { met: true };
      const timer = setTimeout(() => {
        state.met = false;
        gated.gate.open();
      }, meetWithinMs);
      const shares = racers.map((_, i) => ({
        ...round,
        guesses: round.guesses.filter((__, at) => at % processes === i),
      }));
      const told = await Promise.all(racers.map((racer, i) => ask(racer, { round: shares[i] })));
      clearTimeout(timer);
      return { told: told.flat(), met: state.met };
    },
    counted: async (phoneNumber) => (await flow.record(phoneNumber)).tried.filter((time) => time > 0).length,
    stop: async () => {
      for (const racer of racers) racer.kill();
      await gated.stop();
    },
  };
}

function ask(racer: ChildProcess, message: object): Promise<readonly Told[]> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('a racer ended'));
    racer.once('exit', onExit);
    racer.once('message', (answer: { told?: readonly Told[]; failed?: string }) => {
      racer.off('exit', onExit);
      if (answer.failed === undefined) resolve(answer.told ?? []);
      else reject(new Error(answer.failed));
    });
    racer.send(message);
  });
}
