/** How a person names a call: by the support reference that a user read out, or by the gateway's id of the request. */
import { referencePattern } from '../runtime/support-reference.ts';

export interface CallName {
  readonly member: 'supportReference' | 'requestId';
  readonly value: string;
}

/** What a look-alike was, where only one of the two is in a reference. */
const meant: Readonly<Record<string, string>> = { B: '8', G: '6', S: '5', U: 'V', Z: '2' };

/** The gateway's ids are longer than a reference, and have letters. */
const gatewayId = /^(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{9,64}$/;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a word may have a phone number in it, with anything around it and between its ten digits. A UUID has none. */
export function holdsNumber(word: string): boolean {
  return !uuid.test(word) && /[0-9]{10}/.test(word.replace(/[^A-Za-z0-9]/g, ''));
}

/**
 * Reads a name in any case, with spaces or dashes in a reference; undefined where it is none. A word that may hold a phone
 * number is none, because the name gets into the log.
 */
export function readCallName(typed: string): CallName | undefined {
  const compact = typed.replace(/[\s-]/g, '').toUpperCase();
  const reference = [...compact].map((character) => meant[character] ?? character).join('');
  if (referencePattern.test(reference)) return { member: 'supportReference', value: reference };
  const id = typed.trim();
  return gatewayId.test(id) && !holdsNumber(id) ? { member: 'requestId', value: id } : undefined;
}
