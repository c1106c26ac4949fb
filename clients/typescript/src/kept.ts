/**
 * What is kept, and under which key. A storage that fails must not stop a sign-in: then nothing was kept.
 *
 *     doorcode.token       the access token
 *     doorcode.device      the device token
 *     doorcode.challenge   the code that is on its way
 *     doorcode.intention   a request that has no end yet: for whom, and its idempotency key
 */
import type { DoorcodeStorage } from './storage.ts';

type Name = 'token' | 'device' | 'challenge' | 'intention';

export interface Kept {
  read(name: Name): Promise<string | undefined>;
  write(name: Name, value: string | undefined): Promise<void>;
}

/** A storage that fails softly. What it was given in this run is known even if it keeps nothing. */
export function openKept(storage: DoorcodeStorage): Kept {
  const known = new Map<Name, string | undefined>();
  return {
    read: async (name) => {
      if (!known.has(name)) {
        const value = await storage.read(`doorcode.${name}`).catch(() => null);
        if (!known.has(name)) known.set(name, value ?? undefined);
      }
      return known.get(name);
    },
    write: async (name, value) => {
      known.set(name, value);
      await storage.write(`doorcode.${name}`, value ?? null).catch(() => undefined);
    },
  };
}
