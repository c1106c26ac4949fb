/**
 * R9, row 6: each kind of end, against everything that could bring a session to life again, in every order of their table
 * calls, and with the answer of each single call lost, as the SDK then repeats it.
 */

import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { RefreshOutcome, StartOutcome } from '../../functions/sessions/session-ports.ts';
import { plainClient } from '../../test-kit/plain-client.ts';
import { type SessionFlow, startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable } from '../../test-kit/test-table.ts';
import type { Figure, Run } from '../figure.ts';
import { type ActorName, type Lost, ordersOf, schedule } from '../races/schedule.ts';
import { seeded } from '../seeded.ts';

const number = '+919876543210';
const win = { challengeId: 'challenge-of-the-win', idempotencyKey: 'idempotency-key-0001' };
const attempt = 'an attempt of its own';
const daySeconds = 86_400;
/** After this nobody is answered with the sign-in again. */
const replaySeconds = 100;

/** A session that was refreshed so often, with all of its tokens, oldest first, and another session of the number. */
interface Scene {
  readonly flow: SessionFlow;
  readonly wonAt: number;
  readonly tokens: readonly string[];
  readonly other: string;
  readonly id: string;
}

interface End {
  readonly name: string;
  readonly calls: number;
  /** Seconds between the sign-in and the end. */
  readonly age: number;
  /** The session has been refreshed at least so often. */
  readonly generations: number;
  run(scene: Scene): Promise<unknown>;
}

/** A scene without its tokens would end nothing, and nothing would live again. */
const there = (token: string | undefined): string => {
  if (token === undefined) throw new Error('the scene was not set');
  return token;
};
const latest = ({ tokens }: Scene): string => there(tokens.at(-1));
const oldest = ({ tokens }: Scene): string => there(tokens[0]);

/** In the same second as the sign-in, too, where an app can be so quick. */
const ends: readonly End[] = [
  ...[0, 100].map((age) => ({
    name: `sign-out ${age} s after the sign-in`,
    calls: age === 0 ? 2 : 1,
    age,
    generations: 0,
    run: (scene: Scene) => scene.flow.revoke(latest(scene)),
  })),
  {
    name: 'sign-out with an older token',
    calls: 1,
    age: 100,
    generations: 1,
    run: (scene) => scene.flow.revoke(oldest(scene)),
  },
  ...[0, 100].map((age) => ({
    name: `another phone ends the others, ${age} s after the sign-in`,
    calls: 2,
    age,
    generations: 0,
    run: (scene: Scene) => scene.flow.list(scene.other, 'others'),
  })),
  {
    name: 'another phone ends all',
    calls: 2,
    age: 100,
    generations: 0,
    run: (scene) => scene.flow.list(scene.other, 'all'),
  },
  {
    name: 'another phone ends it by its id',
    calls: 2,
    age: 100,
    generations: 0,
    run: (scene) => scene.flow.list(scene.other, [scene.id]),
  },
  {
    name: 'an operator ends all',
    calls: 2,
    age: 100,
    generations: 0,
    run: ({ flow }) => flow.endAll(number),
  },
  {
    name: 'a later sign-in evicts it',
    calls: 2,
    age: 10,
    generations: 0,
    run: ({ flow }) => {
      flow.state.rules = { ...flow.state.rules, perNumber: 1 };
      return flow.start(number);
    },
  },
  {
    name: 'the number has changed hands',
    calls: 2,
    age: 90 * daySeconds + 1,
    generations: 2,
    run: ({ flow }) => flow.start(number, { lane: 'public' }),
  },
  {
    name: 'reuse',
    calls: 2,
    age: 100,
    generations: 1,
    run: (scene) => scene.flow.refresh(oldest(scene), 'an attempt of a thief'),
  },
];

interface Rival {
  readonly name: string;
  readonly calls: number;
  readonly isReplay?: true;
  run(scene: Scene): Promise<unknown>;
}

const rivals: readonly Rival[] = [
  {
    name: "the sign-in's answer asked for again",
    calls: 1,
    isReplay: true,
    run: ({ flow, wonAt }) => flow.start(number, { ...win, verifiedAt: wonAt }),
  },
  { name: 'a late refresh', calls: 1, run: (scene) => scene.flow.refresh(latest(scene), attempt) },
  {
    name: 'an older generation, by its own attempt',
    calls: 1,
    run: (scene) =>
      scene.flow.refresh(scene.tokens.at(-2) ?? latest(scene), attemptOf(scene.tokens.length - 2)),
  },
];

/** Runs all orders, which are few enough for a full run. A small one draws so large a part of them. */
export async function sessionEnds({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const violations: string[] = [];
  const chance = seeded(seed);
  let played = 0;
  try {
    for (const end of ends) {
      for (const rival of rivals) {
        if (rival.isReplay && end.age > replaySeconds) continue;
        for (const generations of new Set([end.generations, 2])) {
          for (const lost of lossesOf(end, rival)) {
            const turns = {
              A: end.calls + (lost?.actor === 'A' ? 1 : 0),
              B: rival.calls + (lost?.actor === 'B' ? 1 : 0),
            };
            for (const order of ordersOf(turns.A, turns.B)) {
              if (chance.next() >= scale) continue;
              signal.throwIfAborted();
              const where = `${end.name} and ${rival.name}, generation ${generations}, in the order ${order.join('')}${lost ? `, answer ${lost.call} of ${lost.actor} lost` : ''}`;
              const found = await play(end, rival, { generations, order, lost });
              violations.push(...found.map((sentence) => `${where}: ${sentence}`));
              played += 1;
            }
          }
        }
      }
      onProgress(`${played} orders, ${violations.length} violations`);
    }
  } finally {
    table.client.destroy();
    await server.stop();
  }
  return {
    id: 'R9, row 6',
    what: `${ends.length} kinds of end × ${rivals.length} rivals, in ${scale < 1 ? 'some orders' : 'every order'}`,
    goal: '0 sessions live again',
    seen: `${violations.length} live again in ${played} orders`,
    method:
      'the flows themselves on the real table server; each order alone, and with the answer of each call lost',
    seed,
    violations,
  };

  async function play(
    end: End,
    rival: Rival,
    {
      generations,
      order,
      lost,
    }: { generations: number; order: readonly ActorName[]; lost: Lost | undefined },
  ): Promise<readonly string[]> {
    const race = schedule(table, order, lost);
    const flow = startSessionFlow(race.table);
    const other = await flow.signIn(number);
    flow.state.now += 1;
    const wonAt = flow.state.now;
    const tokens = [await flow.signIn(number, { ...win, verifiedAt: wonAt })];
    for (let left = end.age; left > 0; left -= 50 * daySeconds) {
      flow.state.now += Math.min(left, 50 * daySeconds);
      if (left <= 50 * daySeconds) break;
      tokens.splice(0, 1, there(tokenOf(await flow.refresh(there(tokens[0]), attemptOf(-1)))));
    }
    for (let i = 0; i < generations; i += 1) {
      const outcome = await flow.refresh(there(tokens.at(-1)), attemptOf(i));
      tokens.push(there(tokenOf(outcome)));
    }
    const ids = (await flow.record(number)).sessions.filter(({ begunAt }) => begunAt === wonAt);
    const scene: Scene = { flow, wonAt, tokens, other, id: there(ids[0]?.id) };
    const [ended, said] = await race.run({
      A: () => end.run(scene).catch(unavailable),
      B: () => rival.run(scene).catch(unavailable),
    });
    const { tag } = Object(ended) as { tag?: string };
    // Where the app was told nothing, it asks again.
    if (tag === 'unavailable' || tag === 'temporarily-unavailable') await end.run(scene);
    const found: string[] = [];
    const known = [...tokens, tokenOf(said)].filter((token) => token !== undefined);
    if (end.age <= replaySeconds) {
      await flow.start(number, { ...win, verifiedAt: wonAt });
      flow.state.now += 61;
      await flow.start(number, { ...win, verifiedAt: wonAt });
    }
    for (const token of known.toReversed()) {
      const again = await flow.refresh(token, 'an attempt afterwards').catch(unavailable);
      if (again.tag !== 'invalid-grant') found.push(`a token was answered ${again.tag} afterwards`);
    }
    if ((await flow.record(number)).sessions.some(({ id }) => id === scene.id))
      found.push('its map is there');
    return found;
  }
}

/** An answer can get lost, and the repeat then costs a turn more. */
function lossesOf(end: End, rival: Rival): readonly (Lost | undefined)[] {
  const of = (actor: ActorName, calls: number): Lost[] =>
    Array.from({ length: calls }, (_, call) => ({ actor, call }));
  return [undefined, ...of('A', end.calls), ...of('B', rival.calls)];
}

const attemptOf = (generation: number): string => `attempt of generation ${generation}`;

function tokenOf(outcome: unknown): string | undefined {
  const { tag, grant } = Object(outcome) as Partial<
    Extract<RefreshOutcome | StartOutcome, { tag: 'refreshed' | 'started' }>
  >;
  return tag === 'refreshed' || tag === 'started' ? grant?.refreshToken : undefined;
}

const unavailable = (error: unknown): { readonly tag: 'unavailable' } => {
  if (!(error instanceof Unavailable)) throw error;
  return { tag: 'unavailable' };
};
