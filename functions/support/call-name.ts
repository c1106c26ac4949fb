/** How a person names a call: by the support reference that a user read out, or by the gateway's id of the request. */
import { referencePattern } from '../runtime/support-reference.ts';

export interface CallName {
  readonly member: 'supportReference' | 'requestId';
  readonly value: string;
}

/** What a look-alike was, where only one of the two is in a reference. */
const meant: Readonly<Record<string, string>> = { B: '8', G: '6', S: '5', U: 'V', Z: '2' };

/** The gateway's ids are longer than a reference. One without letters is a phone number, which must not get into the log. */
const gatewayId = /^(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{9,64}$/;

/** Reads a name in any case, with spaces or dashes in a reference; undefined where it is none. */
export function readCallName(typed: string): CallName | undefined {
  const compact = typed.replace(/[\s-]/g, '').toUpperCase();
  const reference = [...compact].map((character) => meant[character] ?? character).join('');
  if (referencePattern.test(reference)) return { member: 'supportReference', value: reference };
  const id = typed.trim();
  return gatewayId.test(id) ? { member: 'requestId', value: id } : undefined;
}
