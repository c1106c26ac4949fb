/** The writes to the devices that a number knows, in its `device#` item. */
import type { Remember, StorePolicy } from '../otp/challenge-store.ts';
import { idleSince, none } from '../otp/number-record.ts';
import { maxDevices, type NumberUpdate } from './number-item.ts';

/**
 * Puts a device before the others; the oldest falls out. A device that is there stays where it is. Refused where the
 * others have been idle for too long: they are forgotten then, not put behind the new one.
 */
export function rememberUpdate(policy: StorePolicy, step: Remember): NumberUpdate {
  const names = deviceNames(policy);
  const older = names.slice(1).map((name, i) => `${name} = if_not_exists(${names[i]}, :none)`);
  return {
    set: ['device0 = :device', ...older, 'signedInAt = :now'],
    remove: forgottenNames(policy),
    conditions: [
      ...names.map((name) => `(attribute_not_exists(${name}) OR ${name} <> :device)`),
      '(attribute_not_exists(signedInAt) OR signedInAt > :idleSince)',
    ],
    values: {
      ':device': step.deviceHash,
      ':now': step.now,
      ':idleSince': idleSince(step),
      ...(older.length > 0 ? { ':none': none } : {}),
    },
  };
}

/** Forgets devices that have been idle for too long, and makes one known. */
export function rememberAloneUpdate(step: Remember): NumberUpdate {
  return {
    set: ['device0 = :device', 'signedInAt = :now'],
    remove: forgottenNames({ devices: 1 }),
    conditions: ['signedInAt <= :idleSince'],
    values: {
      ':device': step.deviceHash,
      ':now': step.now,
      ':idleSince': idleSince(step),
    },
  };
}

/** Forgets for good the devices past the number that the settings know, so that no later settings revive them. */
export function forgetUpdate(policy: StorePolicy): NumberUpdate {
  return {
    remove: forgottenNames(policy),
    conditions: [`attribute_exists(device${policy.devices})`],
    values: {},
  };
}

/** The attributes of the devices that the settings know. */
export function deviceNames({ devices }: Pick<StorePolicy, 'devices'>): readonly string[] {
  return Array.from({ length: devices }, (_, i) => `device${i}`);
}

/** The attributes past those, which an item of earlier settings may have. */
export function forgottenNames({ devices }: Pick<StorePolicy, 'devices'>): readonly string[] {
  return deviceNames({ devices: maxDevices }).slice(devices);
}
