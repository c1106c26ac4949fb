/**
 * The transitions of a number's items. Each is one conditional UpdateItem; each clause of its condition is named by the
 * sentence that it holds for. Nothing else writes these items.
 */
import type { AttemptStore, Count, SendStore, StorePolicy, Transition } from '../otp/challenge-store.ts';
import { idleSince } from '../otp/number-record.ts';
import { consumeUpdate, countUpdate, giveBackUpdate } from './attempt-updates.ts';
import { forgetUpdate, rememberAloneUpdate, rememberUpdate } from './device-updates.ts';
import { type NumberUpdate, phoneItemKey, readPhoneRecord } from './number-item.ts';
import { markUpdate, releaseUpdate, reserveUpdate } from './send-updates.ts';
import { ttlOf } from './store-policy.ts';
import { applyUpdate, readItem, type Table } from './table.ts';

/** Runs the steps of one request: its calls end with `signal`. */
function openRunner(table: Table, policy: StorePolicy, signal: AbortSignal) {
  return async (
    step: Pick<Count, 'lane' | 'phoneKey' | 'now'>,
    update: NumberUpdate,
  ): Promise<Transition> => {
    const values = { ...update.values, ':ttl': ttlOf(policy, step) };
    const { tag, item } = await applyUpdate(table, { ...update, key: phoneItemKey(step), values }, signal);
    return { tag, record: readPhoneRecord(item) };
  };
}

/** The store of a request for a code. */
export function openSendStore(table: Table, policy: StorePolicy, signal: AbortSignal): SendStore {
  const run = openRunner(table, policy, signal);
  return {
    reserve: (step) => run(step, reserveUpdate(policy, step)),
    mark: (step) => run({ ...step, lane: 'public' }, markUpdate(policy, step)),
    read: async (step) => readPhoneRecord(await readItem(table, phoneItemKey(step), signal)),
    release: (step) => run(step, releaseUpdate(policy, step)),
    forget: (step) => run({ ...step, lane: 'device' }, forgetUpdate(policy)),
  };
}

/** The store of a request to verify one. */
export function openAttemptStore(table: Table, policy: StorePolicy, signal: AbortSignal): AttemptStore {
  const run = openRunner(table, policy, signal);
  return {
    count: (step) => run(step, countUpdate(policy, step)),
    consume: (step) => run(step, consumeUpdate(step)),
    giveBack: (step) => run(step, giveBackUpdate(step)),
    remember: async (step) => {
      const device = { ...step, lane: 'device' } as const;
      const remembered = await run(device, rememberUpdate(policy, step));
      if (remembered.tag === 'written' || remembered.record.signedInAt > idleSince(step)) return remembered;
      const alone = await run(device, rememberAloneUpdate(step));
      return alone.tag === 'written' ? alone : run(device, rememberUpdate(policy, step));
    },
  };
}
