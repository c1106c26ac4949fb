/**
 * R9, row 2: two contexts of one app need a token at the same moment. Every order of their storage and server steps is
 * tried with each single thing going wrong, and many with several: a request or an answer lost, a request doubled or
 * delivered late, a storage call failing, a context killed before or after any step. Then the app starts once more, and is
 * signed in.
 *
 * A run follows a list of choices and takes the first option where the list ends; the next run differs in the last choice
 * that has another option. So all runs are tried, each once. A small run draws its choices.
 */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { openSessionKeeper, type SessionKeeper } from '../../clients/typescript/src/session-keeper.ts';
import type { SessionPorts } from '../../clients/typescript/src/session-ports.ts';
import { type SessionFlow, startSessionFlow } from '../../test-kit/session-flow.ts';
import type { TestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';
import { memorySessionStore } from './memory-session-store.ts';
import { playSessions, type SessionsSeen } from './play-sessions.ts';
import { tokensOf } from './server-of-sessions.ts';
import { sessionHistory } from './session-history.ts';

const number = '+919876543210';
const startSeconds = 1_800_000_100;
/** All orders with two things going wrong would take hours, so that many are drawn. A small run draws all of its orders. */
const ordersDrawn = 20_000;
const faultsOfDrawn = 3;
const histories = 300;
const healTries = 12;

/** What may befall a step, the undisturbed one first. */
const fates = {
  read: ['well', 'fails', 'killed before', 'killed after'],
  write: ['well', 'fails', 'lands but fails', 'killed before', 'killed after'],
  send: ['well', 'request lost', 'answer lost', 'doubled', 'late', 'killed before', 'killed after'],
} as const;

type Kind = keyof typeof fates;
type Fate = (typeof fates)[Kind][number];

interface Step {
  readonly context: string;
  readonly kind: Kind;
  readonly go: (fate: Fate) => Promise<void>;
}

interface Option {
  readonly name: string;
  readonly costs: number;
  readonly take: () => Promise<void>;
}

/** Tries every order. */
export async function everyOrder({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const violations: string[] = [];
  await holdStoreAgainstModel(seed, violations);
  const chance = seeded(seed);
  const counts = { every: 0, drawn: 0 };
  const note = ({ found, taken }: Awaited<ReturnType<typeof run>>): void => {
    signal.throwIfAborted();
    violations.push(...found.map((sentence) => `${sentence}: ${taken.map(({ name }) => name).join(', ')}`));
    onProgress(`${counts.every} orders and ${counts.drawn} drawn ones, ${violations.length} violations`);
  };
  let path: readonly number[] | undefined = scale >= 1 ? [] : undefined;
  while (path !== undefined) {
    const given: readonly number[] = path;
    const played = await run((step) => given[step] ?? 0, 1);
    counts.every += 1;
    note(played);
    path = nextPath(played.taken);
  }
  for (; counts.drawn < scaled(ordersDrawn, { scale }); counts.drawn += 1)
    note(await run((_, options) => chance.below(options.length), faultsOfDrawn));
  return {
    id: 'R9, row 2',
    what: `every order of the steps of two contexts with one thing going wrong, and ${counts.drawn} drawn ones with up to ${faultsOfDrawn}`,
    goal: '0 lost',
    seen: `${violations.length} lost in ${counts.every} orders and ${counts.drawn} drawn ones`,
    method: `the TypeScript client and the flows; the item in memory, held against the model by ${histories} random histories before`,
    seed,
    violations,
  };
}

interface Taken {
  readonly name: string;
  readonly index: number;
  readonly of: number;
}

/** The path that differs in the last choice with another option. */
function nextPath(taken: readonly Taken[]): number[] | undefined {
  const last = taken.findLastIndex(({ index, of }) => index + 1 < of);
  if (last < 0) return undefined;
  return [...taken.slice(0, last).map(({ index }) => index), (taken[last]?.index ?? 0) + 1];
}

async function run(
  choose: (step: number, options: readonly Option[]) => number,
  maxFaults: number,
): Promise<{ found: string[]; taken: Taken[] }> {
  const flow = startSessionFlow(noTable, {}, identity);
  const store = memorySessionStore(() => flow.state.rules);
  flow.state.around = () => store;
  const app = await startApp(flow);
  const taken: Taken[] = [];
  let faults = 0;
  flow.state.now += 901;
  const contexts = [app.open('A'), app.open('B')];
  for (const { access } of contexts) void access();
  for (;;) {
    await setImmediate();
    const options = app.options().filter(({ costs }) => faults + costs <= maxFaults);
    if (options.length === 0) break;
    const index = choose(taken.length, options);
    const option = options[index];
    if (option === undefined) throw new Error('a run does not repeat');
    taken.push({ name: option.name, index, of: options.length });
    faults += option.costs;
    await option.take();
  }
  const found = await app.heal();
  return { found, taken };
}

interface App {
  open(name: string): SessionKeeper;
  /** What can happen next. */
  options(): readonly Option[];
  /** The app starts again, with nothing in its way; gives what is lost. */
  heal(): Promise<string[]>;
}

async function startApp(flow: SessionFlow): Promise<App> {
  const started = await flow.start(number);
  if (started.tag !== 'started') throw new Error(`not started: ${started.reason}`);
  const stored = new Map<string, string>();
  const { access_token, refresh_token, expires_in } = tokensOf(started.grant, flow.state.now);
  const steps: Step[] = [];
  const late: { readonly name: string; readonly deliver: () => Promise<void> }[] = [];
  const refused: string[] = [];
  let isStepping = false;

  const serve = async (body: string): Promise<object | undefined> => {
    const form = new URLSearchParams(body);
    const outcome = await flow.refresh(form.get('refresh_token') ?? '', form.get('attempt') ?? undefined);
    if (outcome.tag === 'refreshed') return tokensOf(outcome.grant, flow.state.now);
    if (outcome.tag !== 'invalid-grant') return undefined;
    refused.push(outcome.reason);
    return { error: 'invalid_grant' };
  };

  const open = (name: string): SessionKeeper => {
    let isDead = false;
    const step = <T>(kind: Kind, effect: () => T | Promise<T>, failed: T): Promise<T> => {
      if (!isStepping) return Promise.resolve(effect());
      return new Promise((resolve) => {
        const go = async (fate: Fate): Promise<void> => {
          steps.splice(steps.indexOf(here), 1);
          if (isDead) return;
          switch (fate) {
            case 'well':
              return resolve(await effect());
            case 'fails':
            case 'request lost':
              return resolve(failed);
            case 'lands but fails':
            case 'answer lost':
              await effect();
              return resolve(failed);
            case 'doubled':
              late.push({
                name: `${name}'s second request arrives`,
                deliver: async () => void (await effect()),
              });
              return resolve(await effect());
            case 'late':
              late.push({
                name: `${name}'s late request arrives`,
                deliver: async () => void (await effect()),
              });
              return resolve(failed);
            case 'killed before':
              isDead = true;
              return undefined;
            case 'killed after':
              isDead = true;
              await effect();
              return undefined;
          }
        };
        const here: Step = { context: name, kind, go };
        steps.push(here);
      });
    };
    let last: Promise<unknown> = Promise.resolve();
    const ports: SessionPorts = {
      clock: { now: () => (flow.state.now - startSeconds) * 1000, wallMs: () => flow.state.now * 1000 },
      // What is owed to the server is not what is tried here.
      read: (what) =>
        what === 'session'
          ? step<string | null | undefined>('read', () => stored.get(what) ?? null, undefined)
          : Promise.resolve(null),
      write: (what, value) =>
        step(
          'write',
          () => {
            if (value === null) stored.delete(what);
            else stored.set(what, value);
            return true;
          },
          false,
        ),
      send: async (_, body) => {
        const answer = await step<object | undefined>('send', () => serve(body), undefined);
        if (answer === undefined) return { tag: 'offline' };
        return {
          tag: 'answer',
          status: 'error' in answer ? 400 : 200,
          body: { ...answer },
          reference: undefined,
        };
      },
      lock: (work) => {
        const turn = last.then(work);
        last = turn;
        return turn;
      },
      pause: async () => undefined,
      random: () => 0.5,
      tries: 2,
    };
    return openSessionKeeper(ports);
  };

  await open('sign-in').keep({
    accessToken: access_token,
    refreshToken: refresh_token,
    expiresInSeconds: expires_in,
  });
  isStepping = true;

  return {
    open,
    options: () => [
      ...steps.flatMap(({ context, kind, go }) =>
        fates[kind].map((fate) => ({
          name: `${context} ${kind}${fate === 'well' ? '' : ` ${fate}`}`,
          costs: fate === 'well' ? 0 : 1,
          take: () => go(fate),
        })),
      ),
      ...late.map((one) => ({
        name: one.name,
        costs: 0,
        take: () => {
          late.splice(late.indexOf(one), 1);
          return one.deliver();
        },
      })),
    ],
    heal: async () => {
      isStepping = false;
      const last = open('C');
      let said = await last.access();
      for (let i = 0; i < healTries && said.tag !== 'token'; i += 1) {
        flow.state.now += 60;
        said = await last.access();
      }
      flow.state.now += 1_000;
      const next = await last.access();
      const { sessions } = (await flow.ports().store.read('')) ?? { sessions: [] };
      const found: string[] = [];
      if (said.tag !== 'token' || next.tag !== 'token')
        found.push(`in the end ${said.tag}, then ${next.tag}`);
      if (sessions.length !== 1) found.push('the session is gone');
      if (refused.length > 0) found.push(`the server refused: ${refused.join(', ')}`);
      return found;
    },
  };
}

/** The store in memory does what the model promises, or its runs would show nothing. */
async function holdStoreAgainstModel(seed: number, violations: string[]): Promise<void> {
  const seen: SessionsSeen = { steps: 0, refreshed: 0, again: 0, reuse: 0, late: 0, invalid: 0, faults: 0 };
  const undisturbed = sessionHistory.map((steps) =>
    steps.map((s) => ('faults' in s ? { ...s, faults: {} } : s)),
  );
  const property = fc.asyncProperty(undisturbed, (steps) =>
    playSessions(noTable, steps, seen, memorySessionStore),
  );
  const details = await fc.check(property, { numRuns: histories, seed });
  if (details.failed) violations.push(`the store in memory: ${fc.defaultReportMessage(details)}`);
}

const identity = 'i'.repeat(64);

/** Nothing of this suite reaches a table. */
const noTable = {
  client: { send: () => Promise.reject(new Error('no table')) },
  tableName: 'none',
} as unknown as TestTable;
