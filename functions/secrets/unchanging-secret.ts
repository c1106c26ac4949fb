/**
 * A secret that must never change during the life of a deployment: the identity secret. A worker that reads another value
 * than its first one serves nobody until the old value is back. With the new value every user would get another user id,
 * and every limit would start again. A worker cannot notice a change before its own start. The secret's resource policy
 * prevents that one.
 */
import type { Clock } from '../runtime/moment.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import { type CachedSecret, cacheSecret } from './cached-secret.ts';

interface Unchanging<T> {
  /** The name of the secret's variable, for the log. */
  readonly name: string;
  readonly load: (signal: AbortSignal) => Promise<T>;
  readonly isSame: (first: T, now: T) => boolean;
  readonly clock: Clock;
}

/** Caches the result of `load`, as {@link cacheSecret} does, and refuses a value that differs from the first. */
export function cacheUnchangingSecret<T>({ name, load, isSame, clock }: Unchanging<T>): CachedSecret<T> {
  let first: { readonly value: T } | undefined;
  let hasChanged = false;
  const cached = cacheSecret(async (signal) => {
    const value = await load(signal);
    first ??= { value };
    hasChanged = !isSame(first.value, value);
    return first.value;
  }, clock);
  return {
    ...cached,
    get: async (reading) => {
      const value = await cached.get(reading);
      if (hasChanged) throw new Unavailable(name, 'changed');
      return value;
    },
  };
}
