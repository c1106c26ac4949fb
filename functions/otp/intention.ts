/**
 * An intention: what an app wants with one idempotency key. However often the app asks with that key, there is one SMS and
 * one requestId, whatever was proved, closed or spent since.
 *
 * A challenge keeps the hash of its key. A lane with its own item also marks the challenge in the number's `phone#` item
 * before anything is sent, so that one write decides between two lanes. A request with a key that is about to be refused
 * reads each of the number's items once. A first request that is accepted reads nothing.
 */

import { type ItemLane, openItems } from '../limits/lane.ts';
import { callerParts } from './caller.ts';
import type { ChallengeStore } from './challenge-store.ts';
import { type IdentityKeys, phoneKeyOf } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import { type Challenge, challengeAsked, type Mark, none, type PhoneRecord } from './number-record.ts';
import { accepted } from './request-otp-answers.ts';
import type { Admitted, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';

/** 66 bits keep the few live keys of a number distinct, and the item under 1 KB. */
const askedCharacters = 11;

type Ports = Pick<RequestOtpPorts, 'settings' | 'identity'> & {
  readonly store: Pick<ChallengeStore, 'read'>;
};

/** The hash of a request's idempotency key, or `-`. Another session or another context is another intention. */
export function askedHash(
  { idempotency }: Pick<IdentityKeys, 'idempotency'>,
  { idempotencyKey, caller }: Pick<Admitted, 'idempotencyKey' | 'caller'>,
): string {
  if (idempotencyKey === undefined) return none;
  return keyedHash(idempotency, ['request', idempotencyKey, ...callerParts(caller)]).slice(
    0,
    askedCharacters,
  );
}

/** A challenge that was begun with the same key, and the record that it was found in. */
export interface Begun {
  readonly challenge: Challenge;
  readonly record: PhoneRecord;
}

/** The challenge of a record that was asked for with the key, if it lives. */
export function begunIn(record: PhoneRecord, asked: string, now: number): Begun | undefined {
  const challenge = challengeAsked(record, asked, now);
  return challenge && { challenge, record };
}

/** Looks for the intention in the number's items, in one read of each. */
export async function findBegun(
  { settings, identity, store }: Ports,
  input: Admitted,
  { now, except }: { readonly now: number; readonly except?: ItemLane },
): Promise<Begun | undefined> {
  const asked = askedHash(identity, input);
  if (asked === none) return undefined;
  const phoneKey = phoneKeyOf(identity, input.phoneNumber);
  const lanes = openItems(settings).filter((lane) => lane !== except);
  const records = await Promise.all(lanes.map((lane) => store.read({ lane, phoneKey })));
  return records.map((record) => begunIn(record, asked, now)).find((begun) => begun !== undefined);
}

/** Follows a mark with our key: gives its challenge, or the mark itself where no challenge is behind it. */
export async function followMark(
  { settings, store }: Ports,
  record: PhoneRecord,
  { phoneKey, asked, now }: { readonly phoneKey: string; readonly asked: string; readonly now: number },
): Promise<Begun | Mark | undefined> {
  if (asked === none) return undefined;
  const open: readonly ItemLane[] = openItems(settings);
  const mark = record.marks.find(({ lane, text }) => open.includes(lane) && text.startsWith(asked));
  if (mark === undefined) return undefined;
  return begunIn(await store.read({ lane: mark.lane, phoneKey }), asked, now) ?? mark;
}

/** The first answer again, as `unconfirmed`, because the record does not say whether the provider got the SMS. */
export function answerAgain(
  ports: Ports,
  { phoneNumber, purpose }: Admitted,
  { challenge, record, now }: Begun & { readonly now: number },
): RequestOtpOutcome {
  if (challenge.purpose !== purpose) return { tag: 'idempotency-mismatch' };
  const told = { phoneNumber, challenge, spent: record, now } as const;
  return accepted(ports, { ...told, delivery: 'unconfirmed', kind: 'replay' });
}

/** The answer of the challenge that was begun with the same key; otherwise `refusal`. */
export async function begunOr(
  ports: Ports,
  input: Admitted,
  { now, refusal }: { readonly now: number; readonly refusal: RequestOtpOutcome },
): Promise<RequestOtpOutcome> {
  const begun = await findBegun(ports, input, { now });
  return begun === undefined ? refusal : answerAgain(ports, input, { ...begun, now });
}
