/**
 * Asks a storage that may fail or hang. After a timeout the client does not wait for it again until it has answered, so
 * that a late write never lands on top of a newer one.
 */
import { type Handed, handedIn } from './handed-in.ts';

/** Calls a part of the storage; undefined while an earlier call hangs. */
export type AskStorage = <T>(part: () => T | PromiseLike<T>) => Promise<Handed<T> | undefined>;

/** The time limit of one call. */
const limitMs = 2_000;

export function openAskStorage(): AskStorage {
  let hanging = 0;
  return async (part) => {
    if (hanging > 0) return undefined;
    const running = (async () => part())();
    const result = await handedIn(() => running, limitMs);
    if (!result.ok && result.isLate) {
      hanging += 1;
      const settle = (): void => {
        hanging -= 1;
      };
      running.then(settle, settle);
    }
    return result;
  };
}
