/** From a problem document to a refusal. Its type decides; one that is not known here is told as it is. */
import type { Answer } from './exchange.ts';
import { isRecord, numberIn, textIn } from './record.ts';
import type { Refusal } from './results.ts';

/** A wait when the server names none. */
const usualWaitSeconds = 5;

/** Reads the refusals that both calls have in common. */
export function readRefusal({ status, body, reference: given }: Answer, nowMs: number): Refusal {
  const type = textIn(body, 'type');
  const reference = textIn(body, 'instance') || given;
  const retryAfterSeconds = numberIn(body, 'retryAfterSeconds', usualWaitSeconds);
  const wait = { retryAfterSeconds, retryAtMs: nowMs + retryAfterSeconds * 1000, reference };
  switch (type.replace('urn:doorcode:', '')) {
    case 'too-many-requests':
      return { tag: 'too-many-requests', ...wait };
    case 'too-many-attempts':
      return { tag: 'too-many-attempts', ...wait };
    case 'temporarily-unavailable':
      return { tag: 'unavailable', ...wait };
    case 'invalid-request':
      return { tag: 'invalid-request', errors: errorsIn(body['errors']), reference };
    case 'unauthorized':
      return { tag: 'unauthorized', reference };
    case 'app-not-attested':
      return { tag: 'app-not-attested', reference };
    default:
      return { tag: 'refused', status, type, detail: textIn(body, 'detail'), reference };
  }
}

function errorsIn(errors: unknown): readonly { readonly pointer: string; readonly detail: string }[] {
  if (!Array.isArray(errors)) return [];
  return errors
    .filter(isRecord)
    .map((error) => ({ pointer: textIn(error, 'pointer'), detail: textIn(error, 'detail') }));
}
