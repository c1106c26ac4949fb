/** One GET of a foreign issuer's key set. Only a complete 200 counts as an answer. */
import { exchange } from '../runtime/bounded-exchange.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import { decodeUtf8 } from '../runtime/utf8.ts';
import { jwksDeadlineMs, maxJwksBytes } from '../settings/fixed-numbers.ts';

/** The request's headers. An issuer's proxy may refuse a client without User-Agent and Accept (RFC 7517, section 8.5). */
const headers = { Accept: 'application/jwk-set+json, application/json', 'User-Agent': 'doorcode' };

/** Gets the text at `url`; throws {@link Unavailable}, with the reason, for anything else, and when `signal` is over. */
export async function fetchJwks(url: URL, signal: AbortSignal): Promise<string> {
  const bounds = { deadlineMs: jwksDeadlineMs, maxBytes: maxJwksBytes, onlyStatus: 200 };
  const ended = await exchange({ method: 'GET', url, headers, signal, ...bounds });
  if (ended.tag === 'unanswered') throw new Unavailable('jwks', ended.reason);
  if (ended.status !== 200) throw new Unavailable('jwks', `status ${ended.status}`);
  if (typeof ended.body === 'string') throw new Unavailable('jwks', ended.body);
  try {
    return decodeUtf8(ended.body);
  } catch {
    throw new Unavailable('jwks', 'malformed');
  }
}
