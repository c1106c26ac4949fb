/**
 * One call at a time for each name: two taps at once are one call. A wait that the server named is kept, too, so that a
 * tap in the middle of it makes no call. It ends by the client's clock.
 */
import { secondsUntil } from './challenge.ts';

/** Runs `start`, unless a call of that name is under way, or one of that `wait` was told to wait. */
type Turn<Result> = (name: string, wait: string, start: () => Promise<Result>) => Promise<Result>;

export function openTurns<Result extends { readonly tag: string }>(now: () => number): Turn<Result> {
  const turns = new Map<string, Promise<Result>>();
  const waits = new Map<string, Result & { readonly retryAtMs: number }>();
  const taken = async (name: string, start: () => Promise<Result>): Promise<Result> => {
    const wait = waits.get(name);
    const retryAfterSeconds = secondsUntil(wait?.retryAtMs ?? 0, now());
    if (wait !== undefined && retryAfterSeconds > 0) return { ...wait, retryAfterSeconds };
    const result = await start();
    if (hasWait(result)) waits.set(name, result);
    return result;
  };
  return (name, wait, start) => {
    const turn = turns.get(name) ?? taken(wait, start).finally(() => turns.delete(name));
    turns.set(name, turn);
    return turn;
  };
}

function hasWait<Result extends object>(result: Result): result is Result & { readonly retryAtMs: number } {
  return 'retryAtMs' in result;
}
