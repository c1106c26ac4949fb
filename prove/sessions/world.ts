/**
 * Virtual time for one phone, its network and its thief: events happen in the order of their moments, and nothing waits
 * for a real clock. A real call, to the table, takes no virtual time: the next event waits until it is answered.
 */
import { setImmediate } from 'node:timers/promises';

export interface World {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Does something after so many milliseconds of virtual time. */
  after(ms: number, act: () => void): void;
  /** Resolves after so many milliseconds of virtual time. */
  sleep(ms: number): Promise<void>;
  /** A real call that the next event waits for. */
  real<T>(call: () => Promise<T>): Promise<T>;
  /** Runs events until this moment, or until none is left. */
  runUntil(ms: number): Promise<void>;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Starts a world at this moment. */
export function startWorld(startMs: number): World {
  let nowMs = startMs;
  let order = 0;
  let running = 0;
  let onIdle = (): void => undefined;
  const events: Event[] = [];

  const add = (atMs: number, act: () => void): void => {
    order += 1;
    const event = { atMs, order, act };
    let at = events.length;
    while (at > 0 && isAfter(events[at - 1], event)) at -= 1;
    events.splice(at, 0, event);
  };
  /** Until every promise has run as far as it can without an event, and no real call is under way. */
  const settle = async (): Promise<void> => {
    await setImmediate();
    while (running > 0) {
      await new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      await setImmediate();
    }
  };

  return {
    now: () => nowMs,
    after: (ms, act) => add(nowMs + ms, act),
    sleep: (ms) => new Promise((resolve) => add(nowMs + ms, resolve)),
    real: async (call) => {
      running += 1;
      try {
        return await call();
      } finally {
        running -= 1;
        if (running === 0) onIdle();
      }
    },
    runUntil: async (ms) => {
      await settle();
      for (let next = events[0]; next !== undefined && next.atMs <= ms; next = events[0]) {
        events.shift();
        nowMs = Math.max(nowMs, next.atMs);
        next.act();
        await settle();
      }
      nowMs = Math.max(nowMs, ms);
    },
  };
}

function isAfter(event: Event | undefined, other: Event): boolean {
  if (event === undefined) return false;
  return event.atMs > other.atMs || (event.atMs === other.atMs && event.order > other.order);
}
