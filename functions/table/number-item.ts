/**
 * The item of a number in one lane, read and named: `phone#<phoneKey>`, for instance. The shape stands in `otp/number-record.ts`.
 * A placeholder and an absent attribute read the same, so an item of an older deployment is never an error.
 */
import { itemPrefixes, type Lane } from '../limits/lane.ts';
import { maxLimitCount } from '../limits/limits.ts';
import type { RegisterName } from '../limits/sliding-window.ts';
import type { Challenge, LatestChallenge, Mark, MarkedLane, PhoneRecord } from '../otp/number-record.ts';
import { none } from '../otp/number-record.ts';
import { laneByteOf, readLaneByte } from '../otp/sealed-number.ts';
import { taggedAttempts } from '../settings/fixed-numbers.ts';
import { type Item, marshal, type Update } from './table.ts';

type Slot = 'new' | 'old';

/** The parts of a slot that move from `new` to `old`, each with its placeholder. */
export const slotParts = [
  { part: 'Id', placeholder: ':none' },
  { part: 'Hash', placeholder: ':none' },
  { part: 'Key', placeholder: ':none' },
  { part: 'Expires', placeholder: ':never' },
  { part: 'Purpose', placeholder: ':none' },
  { part: 'Asked', placeholder: ':none' },
  { part: 'Lane', placeholder: ':never' },
] as const;

/** The attributes of a slot. */
export const slotNames = (slot: Slot): readonly string[] => slotParts.map(({ part }) => `${slot}${part}`);

/** The attributes of a lane's marks in the `phone#` item, newest first. */
export const markNames = {
  device: ['inDevice0', 'inDevice1'],
  test: ['inTest0', 'inTest1'],
} as const satisfies Readonly<Record<MarkedLane, readonly string[]>>;

/** The most devices that an item remembers: `device0 … device7`. */
export const maxDevices = 8;

/** The tags of the newest attempts, newest first. */
export const tagNames: readonly string[] = Array.from({ length: taggedAttempts }, (_, i) => `by${i}`);

/** An update of a number's item. The store adds the item's key and its `ttl`. */
export type NumberUpdate = Omit<Update, 'key'>;

/** The partition key of a number in a lane. */
export function phoneItemKey({ lane, phoneKey }: { readonly lane: Lane; readonly phoneKey: string }): string {
  return `${itemPrefixes[lane]}#${phoneKey}`;
}

/** Reads an item. Without an item, nothing is known about the number. */
export function readPhoneRecord(item: Item = {}): PhoneRecord {
  const earlier = readSlot(item, 'old');
  return {
    sent: readRegister(item, 'sent'),
    tried: readRegister(item, 'tried'),
    triedBy: tagNames.map((name) => text(item, name)),
    latest: readLatest(item),
    earlier,
    marks: (['device', 'test'] as const).flatMap((lane) => readMarks(item, lane)),
    attemptBy: text(item, 'attemptBy'),
    consumedBy: text(item, 'consumedBy'),
    consumedPurpose: text(item, 'consumedPurpose'),
    lastVerifiedAt: number(item, 'lastVerifiedAt'),
    devices: Array.from({ length: maxDevices }, (_, i) => text(item, `device${i}`)).filter(
      (hash) => hash !== none,
    ),
    signedInAt: number(item, 'signedInAt'),
  };
}

/** The values of a slot, for an update that writes it: `:newId`, `:newHash`, … or placeholders. */
export function slotValues(slot: Slot, challenge: Challenge | undefined): Record<string, string | number> {
  return {
    [`:${slot}Id`]: challenge?.id ?? none,
    [`:${slot}Hash`]: challenge?.hash ?? none,
    [`:${slot}Key`]: challenge?.keyVersion ?? none,
    [`:${slot}Expires`]: challenge?.expiresAt ?? 0,
    [`:${slot}Purpose`]: challenge?.purpose ?? none,
    [`:${slot}Asked`]: challenge?.idempotency ?? none,
    [`:${slot}Lane`]: challenge === undefined ? 0 : laneByteOf(challenge),
  };
}

/** An item that has `latest` and nothing else. */
export function itemWith(latest: Challenge): Item {
  const values = Object.entries(slotValues('new', latest));
  return Object.fromEntries(values.map(([name, value]) => [name.slice(1), marshal(value)]));
}

function readLatest(item: Item): LatestChallenge | undefined {
  const challenge = readSlot(item, 'new');
  return challenge && { ...challenge, after: text(item, 'newAfter') };
}

function readSlot(item: Item, slot: Slot): Challenge | undefined {
  const id = text(item, `${slot}Id`);
  const asked = readLaneByte(number(item, `${slot}Lane`));
  if (id === none || asked === undefined) return undefined;
  return {
    id,
    hash: text(item, `${slot}Hash`),
    keyVersion: text(item, `${slot}Key`),
    expiresAt: number(item, `${slot}Expires`),
    purpose: text(item, `${slot}Purpose`),
    idempotency: text(item, `${slot}Asked`),
    ...asked,
  };
}

function readMarks(item: Item, lane: MarkedLane): readonly Mark[] {
  return markNames[lane]
    .map((name) => ({ lane, text: text(item, name) }))
    .filter((mark) => mark.text !== none);
}

function readRegister(item: Item, name: RegisterName): readonly number[] {
  return Array.from({ length: maxLimitCount }, (_, i) => number(item, `${name}${i}`));
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? none;
}

function number(item: Item, name: string): number {
  return Number(item[name]?.N ?? 0);
}
