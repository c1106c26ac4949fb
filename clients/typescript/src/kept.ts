/**
 * The stored values and their keys. A storage that fails or hangs must not stop a sign-in.
 *
 *     doorcode.token       the access token of the last sign-in; a token for another purpose is not kept
 *     doorcode.devices     device tokens, one for each number
 *     doorcode.under-way   requests without an end and codes on their way, one for each number, purpose and context
 *
 * Every read asks the storage, because another context of the app may have written meanwhile. A value that the storage
 * refused is only known in this run.
 */
import { handedIn } from './handed-in.ts';
import type { DoorcodeStorage } from './storage.ts';

type Name = 'token' | 'devices' | 'under-way';

export interface Kept {
  read(name: Name): Promise<string | undefined>;
  /** Writes what `change` makes of the present value, one change after the other; false if it was not stored. */
  change(name: Name, change: (present: string | undefined) => string | undefined): Promise<boolean>;
}

/** The time limit of the storage. After a timeout the client does not wait for it again until it has answered. */
const limitMs = 2_000;

/** A storage that fails softly. */
export function openKept(storage: DoorcodeStorage): Kept {
  const known = new Map<Name, string | undefined>();
  const unsaved = new Set<Name>();
  const turns = new Map<Name, Promise<unknown>>();
  let hanging = 0;

  const asked = async <T>(part: () => T | PromiseLike<T>) => {
    if (hanging > 0) return undefined;
    let isSettled = false;
    let isCounted = false;
    const result = await handedIn(async () => {
      try {
        return await part();
      } finally {
        isSettled = true;
        if (isCounted) hanging -= 1;
      }
    }, limitMs);
    if (!isSettled) {
      isCounted = true;
      hanging += 1;
    }
    return result;
  };

  const read = async (name: Name): Promise<string | undefined> => {
    if (!unsaved.has(name)) {
      const result = await asked(() => storage.read(`doorcode.${name}`));
      if (result?.ok && !unsaved.has(name))
        known.set(name, typeof result.value === 'string' ? result.value : undefined);
    }
    return known.get(name);
  };

  const write = async (name: Name, value: string | undefined): Promise<boolean> => {
    known.set(name, value);
    unsaved.add(name);
    const result = await asked(() => storage.write(`doorcode.${name}`, value ?? null));
    if (result?.ok) unsaved.delete(name);
    return result?.ok === true;
  };

  return {
    read,
    change: (name, change) => {
      const turn = (turns.get(name) ?? Promise.resolve()).then(async () =>
        write(name, change(await read(name))),
      );
      turns.set(name, turn);
      return turn;
    },
  };
}
