/**
 * The token of a device that has signed in: it opens the number's second lane, and nothing else. It is no JWT, because
 * an API Gateway authorizer would take anything that our key signed, whatever its `typ`.
 *
 * It is the number, sealed under a key of its own, beside a name that follows from the challenge that was won: an
 * answer that is given again carries the same token. The number's `device#` item holds a keyed hash of the name, which
 * is the proof that the device is still known; forgetting the hash revokes the token.
 */
import type { IdentityKeys } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import type { PhoneNumber } from './phone-number.ts';
import { openNumber, sealedPattern, sealNumber } from './sealed-number.ts';

type Keys = Pick<IdentityKeys, 'deviceSeal' | 'deviceName'>;

/** The token of the device that won `challengeId`: 63 characters of base64url. */
export function deviceTokenOf(
  keys: Keys,
  { challengeId, phoneNumber }: { readonly challengeId: string; readonly phoneNumber: PhoneNumber },
): string {
  const name = nameOf(keys, challengeId);
  return sealNumber(keys.deviceSeal, { name, lane: 'device', needsSession: false, phoneNumber });
}

/** What the item remembers of the device that won `challengeId`. */
export function deviceHashOf(keys: Keys, challengeId: string): string {
  return hashOfName(keys, nameOf(keys, challengeId));
}

/**
 * The hash of a token's device, if the token is one of ours for this number. Whatever else a client sends is no
 * mistake worth a refusal: an app that was restored from a backup must still be able to sign in, as a stranger.
 */
export function openDeviceToken(keys: Keys, token: string, phoneNumber: PhoneNumber): string | undefined {
  if (!sealedPattern.test(token)) return undefined;
  const opened = openNumber(keys.deviceSeal, token);
  if (opened?.lane !== 'device' || opened.phoneNumber !== phoneNumber) return undefined;
  return hashOfName(keys, opened.name);
}

function nameOf({ deviceName }: Keys, challengeId: string): string {
  return keyedHash(deviceName, ['name', challengeId]);
}

function hashOfName({ deviceName }: Keys, name: string): string {
  return keyedHash(deviceName, ['hash', name]);
}
