/**
 * The keys of sessions that come from the identity secret, each with its own label. They live as long as the deployment.
 * The authenticator's key does not: it comes from the session secret, see `session-secret.ts`.
 */
import type { KeyObject } from 'node:crypto';
import { itemPrefixes, type Lane } from '../limits/lane.ts';
import {
  deriveIdentityKeys,
  deriveKey,
  deriveSealKeys,
  type IdentityKeys,
  phoneKeyOf,
} from '../otp/identity-keys.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import type { SealKeys } from '../otp/seal.ts';

export interface SessionKeys {
  /** Makes the name of a session from the win that began it. */
  readonly sessionName: KeyObject;
  /** Seal the number into a refresh token. */
  readonly sessionSeal: SealKeys;
  /** Makes the id of a session from its name. */
  readonly sessionHash: KeyObject;
  /** Hashes the attempts of refreshes. */
  readonly sessionAttempt: KeyObject;
}

/**
 * Names the item with a number's sessions. A test number's are in an item of its own: whoever knows its fixed code must not
 * list, end or evict the sessions of the person whose number it is.
 */
export function sessionsKeyOf(
  keys: IdentityKeys,
  { phoneNumber, lane }: { readonly phoneNumber: PhoneNumber; readonly lane: Lane },
): string {
  const phoneKey = phoneKeyOf(keys, phoneNumber);
  return lane === 'test' ? `${itemPrefixes.test}#${phoneKey}` : phoneKey;
}

/** The keys of a function that knows sessions; `identitySecret` is the generated string, at least 43 characters. */
export function deriveKeysWithSessions(identitySecret: string): IdentityKeys & SessionKeys {
  return {
    ...deriveIdentityKeys(identitySecret),
    sessionName: deriveKey(identitySecret, 'session-name'),
    sessionSeal: deriveSealKeys(identitySecret, 'session-seal-1'),
    sessionHash: deriveKey(identitySecret, 'session-hash'),
    sessionAttempt: deriveKey(identitySecret, 'session-attempt'),
  };
}
