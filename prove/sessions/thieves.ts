/**
 * R9, row 3: somebody has a copy of the refresh token, or of the app's whole storage. Whatever he does with it, his second
 * use is found at the owner's next refresh, and what stays unseen is worth one access token at most.
 */
import { plainClient } from '../../test-kit/plain-client.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { type Chance, seeded } from '../seeded.ts';
import { goodWeather, openNetwork, type Server } from './network.ts';
import { noHardship, startPhone } from './phone.ts';
import { type ServerLog, sessionServer, tokensOf } from './server-of-sessions.ts';
import { startWorld, type World } from './world.ts';

const loots = ['token', 'storage'] as const;
const strategies = ['greedy', 'once', 'waiting', 'lock-step'] as const;
const owners = ['active', 'daily'] as const;

interface Case {
  readonly loot: (typeof loots)[number];
  readonly strategy: (typeof strategies)[number];
  readonly owner: (typeof owners)[number];
}

const cases: readonly Case[] = loots.flatMap((loot) =>
  strategies.flatMap((strategy) => owners.map((owner) => ({ loot, strategy, owner }))),
);

const seedsOfACase = 100;
const lanes = 8;
const startMs = 1_800_000_000_000;
const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const number = '+919876543210';

/** How long the owner is watched after the theft, between which gaps he uses the app, and how long a thief lies low. */
const habits = {
  active: {
    usesAfter: 40,
    gapMs: (chance: Chance) => (1 + chance.below(20)) * minuteMs,
    quietMs: (chance: Chance) => (10 + chance.below(240)) * minuteMs,
  },
  daily: {
    usesAfter: 6,
    gapMs: (chance: Chance) => (18 + chance.below(12)) * hourMs,
    quietMs: (chance: Chance) => (1 + chance.below(80)) * hourMs,
  },
} as const;

interface Seen {
  histories: number;
  /** Sessions that ended because of the copy. */
  found: number;
  /** Access tokens that thieves got. */
  tokens: number;
  /** The most of a thief whose session lives on. */
  unseen: number;
  /** What a thief in lock-step got who has the token alone. */
  lockStep: number;
}

/** Runs each case with each seed, several at a time. */
export async function thieves({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const each = scaled(seedsOfACase, { scale });
  const todo = cases.flatMap((one) =>
    Array.from({ length: each }, (_, i) => ({ ...one, seed: seed + i * 104_729 })),
  );
  const total = todo.length;
  const seen: Seen = { histories: 0, found: 0, tokens: 0, unseen: 0, lockStep: 0 };
  const violations: string[] = [];
  try {
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
          signal.throwIfAborted();
          const { loot, strategy, owner, seed: own } = one;
          const found = await steal(table, one, own, seen);
          violations.push(
            ...found.map((sentence) => `${loot}, ${strategy}, owner ${owner}, seed ${own}: ${sentence}`),
          );
          seen.histories += 1;
          onProgress(`${seen.histories} of ${total} thieves, ${violations.length} violations`);
        }
      }),
    );
  } finally {
    table.client.destroy();
    await server.stop();
  }
  if (seen.tokens === 0) violations.push('no thief got a token: the histories show nothing');
  return {
    id: 'R9, row 3',
    what: `${seen.histories} thieves: ${loots.join(' or ')} × ${strategies.join(', ')} × owner ${owners.join(' or ')}`,
    goal: 'second use found 100 %; lock-step 0 tokens; at most 1 token unseen',
    seen: `${seen.found} sessions ended, ${violations.length} second uses not found; in lock-step ${seen.lockStep} tokens with the token alone; at most ${seen.unseen} unseen`,
    method:
      'the owner is the TypeScript client in virtual time, the flows are on the real table server; a thief in lock-step lists every 20 s',
    seed,
    violations,
  };
}

interface Thief {
  /** How many access tokens he got. */
  tokens: number;
  /** A thief who never calls shows nothing. */
  hasCalled: boolean;
  /** He makes no further call: the owner's next refresh decides. */
  hasStopped: boolean;
}

async function steal(table: TestTable, one: Case, seed: number, seen: Seen): Promise<readonly string[]> {
  const chance = seeded(seed);
  const world = startWorld(startMs);
  const flow = startSessionFlow(table);
  flow.state.now = startMs / 1000;
  const log: ServerLog = { refreshes: 0, writes: 0, again: 0, late: 0, invalid: [] };
  const server = sessionServer({ world, chance, flow }, 0, log);
  const network = openNetwork({ world, chance, server }, () => goodWeather);
  const phone = startPhone({ world, chance, network, hasSharedLock: true, clockErrorMs: 0 });
  phone.hardship = noHardship;
  // Another device of the same number, which nothing of this may touch.
  const bystander = await flow.signIn(number);
  const started = await flow.start(number);
  if (started.tag !== 'started') throw new Error(`not started: ${started.reason}`);
  const { access_token, refresh_token, expires_in } = tokensOf(started.grant, flow.state.now);
  const owner = phone.open().keeper;
  void owner.keep({ accessToken: access_token, refreshToken: refresh_token, expiresInSeconds: expires_in });
  await world.runUntil(world.now() + secondMs);

  const habit = habits[one.owner];
  const use = async (): Promise<void> => {
    await world.runUntil(world.now() + habit.gapMs(chance));
    void owner.access();
    await world.runUntil(world.now() + 10 * secondMs);
  };
  for (let i = 0; i < 1 + chance.below(3); i += 1) await use();
  const record = JSON.parse(phone.stored.get('session') ?? '{}') as Loot;
  const thief: Thief = { tokens: 0, hasCalled: false, hasStopped: false };
  void act(
    one,
    { world, server, chance, thief },
    one.loot === 'token' ? { ...record, attempt: undefined } : record,
  );
  for (let i = 0; i < habit.usesAfter && owner.state() === 'signed-in'; i += 1) await use();
  await world.runUntil(world.now() + 20 * minuteMs);
  thief.hasStopped = true;
  await use();
  await world.runUntil(world.now() + hourMs);
  await use();

  const { sessions } = await flow.record(number);
  const lives = sessions.some(({ id }) => id === started.grant.sessionId);
  const found: string[] = [];
  if (!thief.hasCalled) found.push('the thief never called');
  if (lives && thief.tokens > (one.loot === 'token' ? 0 : 1))
    found.push(`${thief.tokens} tokens and the session lives`);
  if (!lives && !log.invalid.includes('reuse')) found.push('the session ended for another reason');
  if (lives !== (owner.state() === 'signed-in')) found.push(`the owner is ${owner.state()}`);
  if (one.loot === 'token' && one.strategy === 'lock-step' && thief.tokens > 0)
    found.push(`${thief.tokens} tokens in lock-step`);
  if ((await flow.refresh(bystander)).tag !== 'refreshed') found.push('another session of the number ended');
  seen.tokens += thief.tokens;
  seen.found += lives ? 0 : 1;
  if (lives) seen.unseen = Math.max(seen.unseen, thief.tokens);
  if (one.loot === 'token' && one.strategy === 'lock-step') seen.lockStep += thief.tokens;
  return found;
}

interface Loot {
  readonly refreshToken: string;
  readonly attempt: string | undefined;
}

interface Scene {
  readonly world: World;
  readonly server: Server;
  readonly chance: Chance;
  readonly thief: Thief;
}

/** What a thief does until he is refused. */
async function act(
  { strategy, owner }: Case,
  { world, server, chance, thief }: Scene,
  loot: Loot,
): Promise<void> {
  const call = (path: string, body: string) => {
    thief.hasCalled = true;
    return world.real(() => server(path, body));
  };
  let { refreshToken, attempt } = loot;
  const refresh = async (): Promise<boolean> => {
    const body = `grant_type=refresh_token&refresh_token=${refreshToken}${attempt === undefined ? '' : `&attempt=${attempt}`}`;
    const answer = await call('/auth/token', body);
    if (answer.status !== 200) return answer.status === 503;
    const tokens = JSON.parse(answer.body) as { refresh_token: string; expires_in: number };
    if (tokens.expires_in > 0) thief.tokens += 1;
    refreshToken = tokens.refresh_token;
    // The owner's next attempt is drawn on the owner's phone. His own, or none as for a plain client.
    attempt = chance.next() < 0.5 ? `an attempt of the thief ${thief.tokens}` : undefined;
    return true;
  };
  const goOn = async (): Promise<void> => {
    while (!thief.hasStopped && (await refresh())) await world.sleep((1 + chance.below(12)) * minuteMs);
  };
  switch (strategy) {
    case 'greedy':
      await world.sleep(chance.below(10) * minuteMs);
      return goOn();
    case 'once':
      await world.sleep(habits[owner].quietMs(chance));
      await refresh();
      return;
    case 'waiting':
      await world.sleep(habits[owner].quietMs(chance));
      return goOn();
    case 'lock-step':
      for (;;) {
        // While the list is shown, the owner has not refreshed.
        const { status } = await call('/auth/sessions', JSON.stringify({ refreshToken }));
        if (status !== 200 && !(await refresh())) return;
        if (thief.hasStopped) return;
        await world.sleep(20 * secondMs);
      }
  }
}
