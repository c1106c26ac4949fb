/**
 * A client that stays signed in: all that `createDoorcode` gives, and a session that it refreshes when a token is asked for.
 * It runs no timer.
 */
import { openAskStorage } from './ask-storage.ts';
import { monotonicMs, openClock, timeOfDayMs } from './clock.ts';
import { createDoorcode, type Doorcode } from './doorcode.ts';
import { type Answer, exchange, wait } from './exchange.ts';
import { handedIn } from './handed-in.ts';
import { checkedBaseUrl, type DoorcodeOptions } from './options.ts';
import { numberIn, type Record } from './record.ts';
import { type Ending, openSessionKeeper } from './session-keeper.ts';
import { openSessionLock } from './session-lock.ts';
import type { Access, NoToken, SessionState } from './session-ports.ts';
import { memoryStorage } from './storage.ts';

export interface SessionOptions extends DoorcodeOptions {
  /** Tells this device from others in the list: letters, digits, space, `.`, `_` and `-`, at most 24. */
  readonly label?: string | undefined;
}

export interface Session extends Doorcode {
  /** A token, or why there is none now. `refused` is a token that an API answered with 401. */
  access(refused?: string): Promise<Access>;
  /** Reads the storage; a storage that failed is asked again. */
  check(): Promise<SessionState>;
  /** What was seen last; `unknown` before the first look. */
  state(): SessionState;
  subscribe(onChange: () => void): () => void;
  /** For `listSessions` and its like. */
  list(end?: Ending): Promise<Answer | NoToken>;
}

/** How often a sign-in asks again for the session that the server could not start. It answers again for a minute. */
const maxAgain = 3;

/** Between two tries. */
const pauseMs = 1_000;

/** Creates a client with a session; throws a TypeError that says what is wrong with its options. */
export function createSession(options: SessionOptions): Session {
  const { now = monotonicMs, timeOfDay = timeOfDayMs, storage = memoryStorage(), sleep = wait } = options;
  const label =
    options.label
      ?.replace(/[^\w .-]+/g, ' ')
      .trim()
      .slice(0, 24) || undefined;
  const baseUrl = checkedBaseUrl(options);
  const clock = openClock(now, timeOfDay);
  const ask = openAskStorage();
  const pause = (): Promise<unknown> => handedIn(() => sleep(pauseMs), 2 * pauseMs);
  const keeper = openSessionKeeper({
    clock,
    tries: options.tries ?? 3,
    pause,
    read: async (name) => {
      const result = await ask(() => storage.read(`doorcode.${name}`));
      return result?.ok ? (result.value ?? null) : undefined;
    },
    write: async (name, value) => {
      const result = await ask(() => storage.write(`doorcode.${name}`, value));
      return result?.ok === true;
    },
    send: (path, body) => {
      const type = body.startsWith('{') ? 'json' : 'x-www-form-urlencoded';
      const headers = { 'content-type': `application/${type}` };
      return exchange({ url: baseUrl + path, headers, body }, { ...options, tries: 1 });
    },
    lock: openSessionLock(),
    random: Math.random,
  });
  /** What the latest sign-in brought. */
  let latest: Record = {};
  const doorcode = createDoorcode(
    { ...options, storage, now: clock.now, timeOfDay: clock.wallMs },
    {
      asks: { label },
      keep: (body) => {
        latest = body;
        return keeper.keep(body);
      },
    },
  );
  const { verifyOtp } = doorcode;
  return {
    ...doorcode,
    ...keeper,
    verifyOtp: async (challenge, typed) => {
      latest = {};
      let won = await verifyOtp(challenge, typed);
      for (let again = 0; again < maxAgain && latest['refreshToken'] === null; again += 1) {
        await pause();
        const next = await verifyOtp(challenge, typed);
        if (next.tag === 'signed-in') won = next;
      }
      return won.tag === 'signed-in' ? { ...won, otherSessions: numberIn(latest, 'otherSessions', 0) } : won;
    },
    accessToken: async () => {
      const reached = await keeper.access();
      return reached.tag === 'token' ? reached.accessToken : undefined;
    },
  };
}
