/**
 * The token of a device that has signed in. It admits the device to the number's own device lane, and does nothing else.
 * It is not a JWT, because an API Gateway authorizer would accept anything that our key signed, whatever its `typ`.
 *
 * The token is the number, sealed under a key of its own, beside a name. The name is derived from the challenge that the
 * user won, so a repeated answer carries the same token. The number's `device#` item holds a keyed hash of the name. A
 * token is valid while its hash is there; deleting the hash revokes it.
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

/** The hash that the item keeps of the device that won `challengeId`. */
export function deviceHashOf(keys: Keys, challengeId: string): string {
  return hashOfName(keys, nameOf(keys, challengeId));
}

/**
 * The hash of a token's device, if the token is ours and for this number. Any other token is ignored and not refused: an
 * app that was restored from a backup must still be able to sign in, as a stranger.
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
