/**
 * The keys of a foreign issuer, fetched from its JWKS URL when first needed and kept by age: five minutes fresh, then
 * refreshed before use; with the endpoint down the last good set serves for a day.
 *
 * An id that the set lacks may be a new key: then the set is fetched anew, unless it is younger than half a minute.
 * So tokens with made-up ids cost one fetch per half minute and worker, and the price is that a key that signs in the
 * same half minute in which it is published is refused so long.
 *
 * A set that is served without a usable key is its issuer's word: it replaces the last good one, and nothing is
 * verified. It is told as unavailable, because it may also be a mistake.
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

/** `load`, but a failure is thrown again without a load until its time is over. */
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
