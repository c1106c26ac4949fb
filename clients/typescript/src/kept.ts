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
import type { AskStorage } from './ask-storage.ts';
import type { DoorcodeStorage } from './storage.ts';

type Name = 'token' | 'devices' | 'under-way';

export interface Kept {
  read(name: Name): Promise<string | undefined>;
  /** Writes what `change` makes of the present value, one change after the other; false if it was not stored. */
  change(name: Name, change: (present: string | undefined) => string | undefined): Promise<boolean>;
}

/** What is kept in a storage that may fail. */
export function openKept(storage: DoorcodeStorage, ask: AskStorage): Kept {
  const known = new Map<Name, string | undefined>();
  const unsaved = new Set<Name>();
  const turns = new Map<Name, Promise<unknown>>();

  const read = async (name: Name): Promise<string | undefined> => {
    if (!unsaved.has(name)) {
      const result = await ask(() => storage.read(`doorcode.${name}`));
      if (result?.ok && !unsaved.has(name))
        known.set(name, typeof result.value === 'string' ? result.value : undefined);
    }
    return known.get(name);
  };

  const write = async (name: Name, value: string | undefined): Promise<boolean> => {
    known.set(name, value);
    unsaved.add(name);
    const result = await ask(() => storage.write(`doorcode.${name}`, value ?? null));
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
