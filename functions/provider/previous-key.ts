/**
 * The StartMessaging key that was used before the current one: the spare wheel. It is read when it is needed for the
 * first time, and anew when the current key has changed, because then it is another one.
 *
 * It never throws: without a usable one there is none, and a read that failed is not repeated for ten seconds.
 */
import { type Clock, openPause } from '../runtime/moment.ts';
import { type CachedSecret, cacheSecret } from '../secrets/cached-secret.ts';
import type { ProviderKey } from '../secrets/secrets.ts';
import { secretRetrySeconds } from '../settings/fixed-numbers.ts';

/** Gives a reader of the previous key; `currentVersionId` tells which key it stands beside. */
export function openPreviousKey(
  load: (signal: AbortSignal) => Promise<ProviderKey | undefined>,
  currentVersionId: () => string | undefined,
  clock: Clock,
): (signal: AbortSignal) => Promise<ProviderKey | undefined> {
  let cached: { secret: CachedSecret<ProviderKey | undefined>; beside: string | undefined } | undefined;
  const retry = openPause(clock);
  return async (signal) => {
    const beside = currentVersionId();
    const isOther = cached === undefined || cached.beside !== beside;
    if (retry.isOn) return isOther ? undefined : cached?.secret.peek();
    if (cached === undefined || isOther) cached = { secret: cacheSecret(load, clock), beside };
    try {
      return await cached.secret.get({ signal });
    } catch {
      if (!signal.aborted) retry.begin(secretRetrySeconds);
      return undefined;
    }
  };
}
