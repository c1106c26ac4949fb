/**
 * The StartMessaging key that was used before the current one: the spare wheel. It is read when it is needed for the
 * first time, and anew when the current key has changed, because then it is another one.
 *
 * It never throws: without a usable one there is none, and a read that failed is not repeated for ten seconds.
 */
import { secretRetrySeconds } from '../otp/policy.ts';
import { type CachedSecret, cacheSecret } from './cached-secret.ts';
import type { ProviderKey } from './secrets.ts';

/** Gives a reader of the previous key; `currentVersionId` tells which key it stands beside. */
export function openPreviousKey(
  load: () => Promise<ProviderKey | undefined>,
  currentVersionId: () => string | undefined,
  now: () => number,
): () => Promise<ProviderKey | undefined> {
  let cached: { secret: CachedSecret<ProviderKey | undefined>; beside: string | undefined } | undefined;
  let retryAt = 0;
  return async () => {
    const beside = currentVersionId();
    const isOther = cached === undefined || cached.beside !== beside;
    if (now() < retryAt) return isOther ? undefined : cached?.secret.peek();
    if (cached === undefined || isOther) cached = { secret: cacheSecret(load, now), beside };
    try {
      return await cached.secret.get();
    } catch {
      retryAt = now() + secretRetrySeconds;
      return undefined;
    }
  };
}
