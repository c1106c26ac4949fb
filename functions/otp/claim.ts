/**
 * Claims an intention for a challenge, and releases it when nothing was sent. A claim reserves a send, marks the challenge
 * where its lane has an item of its own, and finds out whether the same intention began before, in this lane or another
 * (`intention.ts` has the rule).
 *
 * Reserve and mark are two writes to two items. The write to the `phone#` item decides. A challenge that loses there is
 * released before any answer names it. A reserve without an answer may have landed, so it is released once, and the app is
 * told to try again. Giving back is best effort: if it fails, the quota stays spent, which is the safe side.
 */
import { itemLaneOf, type Lane, openItems } from '../limits/lane.ts';
import type { Reserve } from './challenge-store.ts';
import { type Begun, begunIn, markOf } from './intention.ts';
import { markText, none, type PhoneRecord } from './number-record.ts';
import { answerAgain } from './request-otp-answers.ts';
import type { Admitted, NotGivenBack, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { landed, type Reservation } from './reservation.ts';

/** The same intention began before; or a mark says so, but has no challenge behind it. */
type Earlier = Begun | { readonly tag: 'void'; readonly voidMark: string };

/** The result of a claim. */
type Claim =
  | { readonly tag: 'claimed'; readonly reservation: Reservation }
  | { readonly tag: 'refused'; readonly record: PhoneRecord }
  | Begun
  /** It is unknown whether a write landed. It was released once, and nothing was sent. */
  | { readonly tag: 'unknown' };

/** Reserves a send, and marks its challenge, unless the intention is known. */
export async function claim(ports: RequestOtpPorts, step: Reserve): Promise<Claim> {
  const transition = await ports.store.reserve(step).catch(() => undefined);
  if (transition === undefined) {
    await release(ports, { ...step, before: undefined }, 'nothing');
    return { tag: 'unknown' };
  }
  const reservation = landed(step, transition);
  if (reservation !== undefined) return mark(ports, reservation);
  const { record } = transition;
  const earlier = await earlierThan(ports, step, record);
  if (earlier?.tag !== 'void') return earlier ?? { tag: 'refused', record };
  // A second void mark has replaced the first one meanwhile.
  return step.voidMark === undefined
    ? claim(ports, { ...step, voidMark: earlier.voidMark })
    : { tag: 'unknown' };
}

/** Marks a challenge of another item before anything is sent. Releases it if its intention is already known. */
async function mark(ports: RequestOtpPorts, reservation: Reservation, voidMark?: string): Promise<Claim> {
  const { phoneKey, now, challenge, other } = reservation;
  const lane = itemLaneOf(reservation.lane);
  const asked = challenge.idempotency;
  if (lane === 'public' || asked === none) return { tag: 'claimed', reservation };
  const marks = [markText(challenge), markText(other)] as const;
  const step = { phoneKey, now, lane, asked, marks, voidMark };
  const marked = await ports.store.mark(step).catch(() => undefined);
  if (marked?.tag === 'written') return { tag: 'claimed', reservation };
  const earlier = marked && (await earlierThan(ports, reservation, marked.record).catch(() => undefined));
  if (earlier?.tag === 'void' && voidMark === undefined) return mark(ports, reservation, earlier.voidMark);
  await release(ports, reservation, 'nothing');
  return earlier?.tag === 'begun' ? earlier : { tag: 'unknown' };
}

/** Looks for the intention of a refused write: in the record that refused it, and behind that record's mark. */
async function earlierThan(
  { settings, store }: RequestOtpPorts,
  { lane, phoneKey, challenge: { idempotency: intention }, now }: Reserve,
  record: PhoneRecord,
): Promise<Earlier | undefined> {
  const own = begunIn(record, { intention, now });
  if (own !== undefined) return own;
  const others = openItems(settings).filter((other) => other !== itemLaneOf(lane));
  const found = markOf(record, intention, others);
  if (found === undefined) return undefined;
  const marked = await store.read({ lane: found.lane, phoneKey });
  return begunIn(marked, { intention, now }) ?? { tag: 'void', voidMark: found.text };
}

interface Refusing {
  readonly refusal: RequestOtpOutcome;
  /** The lane whose item has been looked at already. */
  readonly except?: Lane;
}

/** The first answer again, if the intention began in one of the number's items; otherwise `refusal`. Reads each item once. */
export async function unlessBegun(
  ports: RequestOtpPorts,
  input: Admitted,
  { refusal, except }: Refusing,
): Promise<RequestOtpOutcome> {
  if (input.intention === none) return refusal;
  const { phoneKey } = input;
  const lanes = openItems(ports.settings).filter((lane) => lane !== except);
  const records = await Promise.all(lanes.map((lane) => ports.store.read({ lane, phoneKey })));
  const begun = records.map((record) => begunIn(record, input)).find((one) => one !== undefined);
  return begun === undefined ? refusal : answerAgain(ports, input, begun);
}

/** Removes the challenge and gives back its send. With `keeps: 'send'` the send stays counted, because the provider counts it. */
export async function release(
  ports: RequestOtpPorts,
  reserved: Reserve & Pick<Reservation, 'before'>,
  keeps: 'nothing' | 'send',
): Promise<void> {
  const step = { ...reserved, now: ports.now(), challengeId: reserved.challenge.id, keeps };
  await givenBack(ports, 'send', ports.store.release(step));
}

/** Waits for `work`; if it fails, what it should have given back stays spent. */
export async function givenBack(
  { tell }: Pick<RequestOtpPorts, 'tell'>,
  what: NotGivenBack,
  work: Promise<unknown>,
): Promise<void> {
  await work.catch(() => tell('request-otp.not-given-back', what));
}
