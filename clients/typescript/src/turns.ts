/**
 * Allows one call at a time for each name, so two taps at once make one call. It also remembers a wait that the server
 * named, so that a tap during the wait makes no call. The wait ends by the client's clock.
 */
import { secondsUntil } from './challenge.ts';

/** Runs `start`, unless a call of that name is running or the server has named a wait for that `wait`. */
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
