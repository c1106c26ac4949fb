/** Ends every session of a number, as an operator may. */
import type { IdentityKeys } from '../otp/identity-keys.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { sessionsKeyOf } from './session-keys.ts';
import { endTimeOf } from './session-record.ts';
import type { SessionStore } from './session-store.ts';

/** What an operator's end did. */
export interface EndedByOperator {
  readonly ended: number;
}

/** Ends every session of a number. Throws `Unavailable`. */
export async function endSessionsOf(
  {
    keys,
    store,
    now: clock,
  }: { readonly keys: IdentityKeys; readonly store: SessionStore; readonly now: () => number },
  phoneNumber: PhoneNumber,
): Promise<EndedByOperator> {
  let ended = 0;
  for (const lane of ['public', 'test'] as const) {
    ended += await endItem({ store, now: clock }, sessionsKeyOf(keys, { phoneNumber, lane }));
  }
  return { ended };
}

/** Ends the sessions of one item; gives how many there were. */
async function endItem(
  { store, now: clock }: { readonly store: SessionStore; readonly now: () => number },
  phoneKey: string,
): Promise<number> {
  let record = await store.read(phoneKey);
  let ended = 0;
  // A session that starts meanwhile is found in the item that the write leaves.
  while (record !== undefined) {
    const ids = [...record.sessions.map(({ id }) => id), ...record.damaged];
    if (ids.length === 0) break;
    const now = clock();
    const endedAt = endTimeOf(record.sessions, { now, record });
    const done = await store.end({ phoneKey, ids, endedAt, now, only: { tag: 'item' } });
    ended += ids.length;
    record = done.record;
  }
  return ended;
}
