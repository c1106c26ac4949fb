/**
 * The keys of a foreign issuer. The worker fetches them from the JWKS URL at the first need and caches them. They are fresh
 * for five minutes. Later a request refreshes them before use. While the endpoint fails, the last good set is the fallback
 * for a day.
 *
 * An id that the set lacks may be a new key. Then the worker fetches the set again, unless it is younger than half a minute.
 * So tokens with invented ids cost one fetch per half minute and worker. In return, the worker refuses a new key for up to
 * half a minute after its publication.
 *
 * A set without a usable key replaces the last good one, because the issuer may mean it. Then the worker verifies nothing.
 * It reports the keys as unavailable, because the issuer may also have made a mistake.
 */

import { cacheValue } from '../runtime/cached-value.ts';
import { type Clock, openPause } from '../runtime/moment.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import {
  jwksFreshSeconds,
  jwksLastGoodSeconds,
  jwksRetrySeconds,
  jwksUnknownKeySeconds,
} from '../settings/fixed-numbers.ts';
import { isTrustedUrl } from '../settings/trusted-url.ts';
import { fetchJwks } from './fetch-jwks.ts';
import { type ForeignKey, type ForeignKeys, type KeysFound, parseForeignKeys } from './foreign-key-set.ts';

export type { ForeignKeys } from './foreign-key-set.ts';

/** The keys at `jwksUrl` (`https:`, or `http:` to 127.0.0.0/8); throws for another. */
export function openForeignKeys(jwksUrl: string, clock: Clock): ForeignKeys {
  const url = new URL(jwksUrl);
  if (!isTrustedUrl(url)) throw new TypeError('expected an https: URL');
  const keySet = cacheValue(
    heldOff((signal) => fetchKeys(url, signal), clock),
    clock,
    {
      freshSeconds: jwksFreshSeconds,
      lastGoodSeconds: jwksLastGoodSeconds,
      retrySeconds: jwksRetrySeconds,
    },
  );
  return {
    async find(kid, signal): Promise<KeysFound> {
      try {
        const known = found(await keySet.get({ signal }), kid);
        const mayBeNew = known.tag !== 'found' && keySet.ageSeconds() >= jwksUnknownKeySeconds;
        return mayBeNew ? found(await keySet.refresh({ signal }), kid) : known;
      } catch (error) {
        return { tag: 'unavailable', reason: error instanceof Unavailable ? error.reason : 'fault' };
      }
    },
  };
}

function found(keys: readonly ForeignKey[], kid: string): KeysFound {
  if (keys.length === 0) return { tag: 'unavailable', reason: 'no usable key' };
  const matching = keys.filter((key) => key.kid === kid);
  return matching.length > 0 ? { tag: 'found', keys: matching } : { tag: 'unknown' };
}

async function fetchKeys(url: URL, signal: AbortSignal): Promise<readonly ForeignKey[]> {
  const text = await fetchJwks(url, signal);
  try {
    return parseForeignKeys(text);
  } catch {
    throw new Unavailable('jwks', 'malformed');
  }
}

/** Wraps `load`: after a failure it throws the same failure again, without a load, until the pause is over. */
function heldOff<T>(
  load: (signal: AbortSignal) => Promise<T>,
  clock: Clock,
): (signal: AbortSignal) => Promise<T> {
  let failure: unknown;
  const pause = openPause(clock);
  return async (signal) => {
    if (pause.isOn) throw failure;
    try {
      return await load(signal);
    } catch (error) {
      failure = error;
      if (!signal.aborted) pause.begin(jwksRetrySeconds);
      throw error;
    }
  };
}
