/**
 * A phone in virtual time: one app, its storage, and one or two contexts of it that share the storage. The client is the
 * real one. The phone kills a context at any step of it, locks its storage and refuses writes.
 */
import type { Answer } from '../../clients/typescript/src/exchange.ts';
import type { Unanswered } from '../../clients/typescript/src/results.ts';
import { openSessionKeeper, type SessionKeeper } from '../../clients/typescript/src/session-keeper.ts';
import type { SessionPorts } from '../../clients/typescript/src/session-ports.ts';
import type { Chance } from '../seeded.ts';
import type { HttpAnswer, Server } from './network.ts';
import type { World } from './world.ts';

/** Shares of all steps. */
export interface Hardship {
  readonly killed: number;
  readonly writeFails: number;
  readonly locked: number;
}

export const hardship: Hardship = { killed: 0.03, writeFails: 0.01, locked: 0.05 };
export const noHardship: Hardship = { killed: 0, writeFails: 0, locked: 0 };

export interface Phone {
  /** What a thief of the whole storage copies. */
  readonly stored: Map<string, string>;
  hardship: Hardship;
  /** The contexts that run now. */
  readonly contexts: Context[];
  /** Ends a context at once, whatever it was doing. */
  kill(context: Context): void;
  /** Starts a context in place of one that was killed, or a further one. */
  open(): Context;
}

export interface Context extends Life {
  readonly keeper: SessionKeeper;
}

interface Life {
  readonly isDead: boolean;
  /** Resolves when the context dies. */
  readonly death: Promise<void>;
  die(): void;
}

export interface PhoneWorld {
  readonly world: World;
  readonly chance: Chance;
  readonly network: Server;
  /** Whether the contexts share a lock, as the tabs of a browser do. */
  readonly hasSharedLock: boolean;
  /** How wrong the phone's time of day is. */
  readonly clockErrorMs: number;
}

const slowestStorageMs = 20;
const never = new Promise<never>(() => undefined);

/** A phone on which nobody has signed in. */
export function startPhone({ world, chance, network, hasSharedLock, clockErrorMs }: PhoneWorld): Phone {
  const stored = new Map<string, string>();
  const line: Line = { last: Promise.resolve() };

  const open = (): Context => {
    const own = newLife();
    const bootMs = world.now();
    /** A step of the client: the context may die before it or after it. */
    const step = async <T>(effect: () => Promise<T>): Promise<T> => {
      const dies = chance.next() < phone.hardship.killed;
      if (dies && chance.next() < 0.5) own.die();
      if (own.isDead) return never;
      const result = await effect();
      if (dies) own.die();
      return own.isDead ? never : result;
    };
    const isLocked = (): boolean => chance.next() < phone.hardship.locked;
    const ports: SessionPorts = {
      clock: { now: () => world.now() - bootMs, wallMs: () => world.now() + clockErrorMs },
      read: (name) =>
        step(async () => {
          await world.sleep(1 + chance.below(slowestStorageMs));
          return isLocked() ? undefined : (stored.get(name) ?? null);
        }),
      write: (name, value) =>
        step(async () => {
          await world.sleep(1 + chance.below(slowestStorageMs));
          if (own.isDead) return never;
          if (isLocked() || chance.next() < phone.hardship.writeFails) return false;
          if (value === null) stored.delete(name);
          else stored.set(name, value);
          return true;
        }),
      send: (path, body) => step(() => network(path, body).then(read, () => ({ tag: 'offline' as const }))),
      lock: openLock(own, hasSharedLock ? line : { last: Promise.resolve() }),
      pause: () => world.sleep(1_000),
      random: () => chance.next(),
      tries: 3,
    };
    const context = Object.assign(own, { keeper: openSessionKeeper(ports) });
    phone.contexts.push(context);
    return context;
  };

  const phone: Phone = {
    stored,
    hardship,
    contexts: [],
    kill: (context) => {
      context.die();
      const at = phone.contexts.indexOf(context);
      if (at >= 0) phone.contexts.splice(at, 1);
    },
    open,
  };
  return phone;
}

/** What the client's `exchange` makes of an answer. */
function read({ status, body }: HttpAnswer): Answer | Unanswered {
  if (status >= 500) return { tag: 'busy', reference: undefined };
  return { tag: 'answer', status, body: JSON.parse(body), reference: undefined };
}

function newLife(): Life {
  const { promise, resolve } = Promise.withResolvers<void>();
  const life = {
    isDead: false,
    death: promise,
    die: () => {
      life.isDead = true;
      resolve();
    },
  };
  return life;
}

/** Those who wait for a lock. */
interface Line {
  last: Promise<unknown>;
}

/** A lock that is given back when its holder dies, as Web Locks are. */
function openLock({ death }: Life, line: Line): SessionPorts['lock'] {
  return (work) => {
    const result = line.last.then(work);
    line.last = Promise.race([result, death]).catch(() => undefined);
    return result;
  };
}
