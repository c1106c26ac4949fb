/** Turns a problem document into a refusal, by its type. An unknown type is passed on unchanged. */
import type { Answer } from './exchange.ts';
import { numberIn, recordsIn, textIn } from './record.ts';
import type { Refusal } from './results.ts';

/** The wait where the server names none, and the longest accepted wait: the server's longest window. */
const usualWaitSeconds = 5;
const maxWaitSeconds = 7 * 86_400;

/** Reads the refusals that both calls have in common. */
export function readRefusal({ status, body, reference }: Answer, nowMs: number): Refusal {
  const type = textIn(body, 'type');
  const retryAfterSeconds = Math.min(numberIn(body, 'retryAfterSeconds', usualWaitSeconds), maxWaitSeconds);
  const wait = { retryAfterSeconds, retryAtMs: nowMs + retryAfterSeconds * 1000, reference };
  const name = type.replace('urn:doorcode:', '');
  switch (name) {
    case 'too-many-requests':
    case 'too-many-attempts':
      return { tag: name, ...wait };
    case 'temporarily-unavailable':
      return { tag: 'unavailable', ...wait };
    case 'invalid-request':
      return {
        tag: name,
        errors: recordsIn(body['errors']).map((error) => ({
          pointer: textIn(error, 'pointer'),
          detail: textIn(error, 'detail'),
        })),
        reference,
      };
    case 'unauthorized':
    case 'app-not-attested':
      return { tag: name, reference };
    default:
      return { tag: 'refused', status, type, detail: textIn(body, 'detail'), reference };
  }
}
