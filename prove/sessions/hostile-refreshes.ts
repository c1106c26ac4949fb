/**
 * R9, row 1: phones that refresh over months, with everything that a mobile network, an operating system and a locked
 * keychain do to them. Nobody is signed out who did not ask for it.
 */
import { plainClient } from '../../test-kit/plain-client.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';
import { badWeather, goodWeather, openNetwork, type Weather } from './network.ts';
import { type Context, type Hardship, hardship, noHardship, startPhone } from './phone.ts';
import { type ServerLog, sessionServer, tokensOf } from './server-of-sessions.ts';
import { startWorld } from './world.ts';

interface Part {
  readonly refreshes: number;
  readonly skewSeconds: number;
}

const parts: readonly Part[] = [
  { refreshes: 200_000, skewSeconds: 2 },
  { refreshes: 20_000, skewSeconds: 120 },
];

const lanes = 8;
const usesOfAPhone = 40;
const startMs = 1_800_000_000_000;
const minuteMs = 60_000;
const gapsMs = [1, 5, 13, 16, 16, 20, 60, 480, 1_440, 11_520].map((minutes) => minutes * minuteMs);
const clockErrorsMs = [0, 0, 0, 3 * minuteMs, -3 * minuteMs, 60 * minuteMs];
const healTries = 12;

/** Runs phones one after the other, several at a time. */
export async function hostileRefreshes({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const log: ServerLog = { refreshes: 0, writes: 0, again: 0, late: 0, invalid: [] };
  const violations: string[] = [];
  let phones = 0;
  let total = 0;
  try {
    for (const { refreshes, skewSeconds } of parts) {
      total += scaled(refreshes, { scale });
      const until = total;
      const lane = async (): Promise<void> => {
        while (log.refreshes < until) {
          signal.throwIfAborted();
          phones += 1;
          const phone = phones;
          const found = await live(table, { seed: seed + phone * 7_919, skewSeconds }, log);
          violations.push(
            ...found.map((sentence) => `phone ${phone}, clocks ±${skewSeconds} s: ${sentence}`),
          );
          onProgress(`${log.refreshes} of ${total} refreshes, ${violations.length} violations`);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    }
  } finally {
    table.client.destroy();
    await server.stop();
  }
  const reasons = [...new Set(log.invalid)].join(', ');
  return {
    id: 'R9, row 1',
    what: `${log.refreshes} hostile refreshes of ${phones} phones, half of them with two contexts`,
    goal: '0 false sign-outs',
    seen: `${violations.length} false sign-outs; ${log.writes} new tokens, ${log.again} the same again, ${log.late} late ones, ${log.invalid.length} refused${reasons && ` (${reasons})`}`,
    method: `the TypeScript client in virtual time, the flows on the real table server; requests: ${sharesOf(badWeather)}; steps of the phone: ${sharesOf(hardship)}; workers' clocks ${parts.map((part) => `±${part.skewSeconds} s in ${part.refreshes}`).join(', ')}`,
    seed,
    violations,
  };
}

/** The life of one phone; gives what went wrong. */
async function live(
  table: TestTable,
  { seed, skewSeconds }: { readonly seed: number; readonly skewSeconds: number },
  log: ServerLog,
): Promise<readonly string[]> {
  const chance = seeded(seed);
  const world = startWorld(startMs);
  const flow = startSessionFlow(table);
  flow.state.now = startMs / 1000;
  // The absolute end has rows of its own.
  flow.state.rules = { ...flow.state.rules, absoluteSeconds: 10 * 365 * 86_400 };
  const own: ServerLog = { refreshes: 0, writes: 0, again: 0, late: 0, invalid: [] };
  const weather = { now: badWeather };
  const network = openNetwork(
    { world, chance, server: sessionServer({ world, chance, flow }, skewSeconds, own) },
    () => weather.now,
  );
  const phone = startPhone({
    world,
    chance,
    network,
    hasSharedLock: chance.next() < 0.5,
    clockErrorMs: chance.pick(clockErrorsMs),
  });
  const started = await flow.start('+919876543210');
  if (started.tag !== 'started') throw new Error(`not started: ${started.reason}`);
  const { access_token, refresh_token, expires_in } = tokensOf(started.grant, flow.state.now);
  // The sign-in itself is not what is tried here.
  phone.hardship = noHardship;
  const first = phone.open();
  void first.keeper.keep({
    accessToken: access_token,
    refreshToken: refresh_token,
    expiresInSeconds: expires_in,
  });
  await world.runUntil(world.now() + 1_000);
  phone.hardship = hardship;
  if (chance.next() < 0.5) phone.open();

  const found: string[] = [];
  const tokens: string[] = [];
  const use = (context: Context): void => {
    const refused = chance.next() < 0.1 ? tokens.at(-1) : undefined;
    void context.keeper.access(refused).then((access) => {
      if (access.tag === 'token') tokens.push(access.accessToken);
      if (access.tag === 'signed-out')
        found.push(`signed out ${Math.round((world.now() - startMs) / 1000)} s after the sign-in`);
    });
  };
  for (let used = 0; used < usesOfAPhone && found.length === 0; used += 1) {
    for (const context of [...phone.contexts]) {
      if (context.isDead || chance.next() < 0.05) {
        phone.kill(context);
        phone.open();
      }
    }
    for (const context of chance.shuffled(phone.contexts)) if (chance.next() < 0.7) use(context);
    await world.runUntil(world.now() + chance.below(3_000));
    if (chance.next() < 0.3) use(chance.pick(phone.contexts));
    await world.runUntil(world.now() + chance.pick(gapsMs));
  }
  // In the end the network is good, the keychain open, and the app is started again.
  weather.now = goodWeather;
  phone.hardship = noHardship;
  await world.runUntil(world.now() + 10 * minuteMs);
  for (const context of [...phone.contexts]) phone.kill(context);
  const last = phone.open();
  const seen: { tag?: string } = {};
  for (let i = 0; i < healTries && seen.tag !== 'token'; i += 1) {
    void last.keeper.access().then(({ tag }) => Object.assign(seen, { tag }));
    await world.runUntil(world.now() + minuteMs);
  }
  if (seen.tag !== 'token') found.push(`in the end: ${seen.tag}`);
  const { sessions } = await flow.record('+919876543210');
  if (sessions.length !== 1) found.push('the session is gone');
  if (own.invalid.length > 0) found.push(`refused: ${own.invalid.join(', ')}`);
  log.refreshes += own.refreshes;
  log.writes += own.writes;
  log.again += own.again;
  log.late += own.late;
  log.invalid.push(...own.invalid);
  return found.map((sentence) => `${sentence} (seed ${seed})`);
}

/** Shares in percent, each with its name. */
function sharesOf(shares: Weather | Hardship): string {
  return Object.entries(shares)
    .map(([name, share]) => `${Math.round(share * 100)} % ${name}`)
    .join(', ');
}
