/**
 * What is under way, as it is kept: one entry for each number, purpose and context, the latest first. An entry has the
 * key of a request that has no end yet, the code that is on its way, or both. Its times are the phone's time of day,
 * because no other clock survives a restart; they only say whether a code is worth offering, the server decides.
 */
import type { Challenge, Context } from './challenge.ts';
import type { Answer } from './exchange.ts';
import { numberIn, parseList, type Record, textIn } from './record.ts';

export interface RequestOtpInput {
  /** `+91` and ten digits: see `phoneNumberIn`. */
  readonly phoneNumber: string;
  readonly purpose?: string | undefined;
  /** Where the deployment asks for it: what the code approves. */
  readonly context?: Context | undefined;
  /** The language of the SMS, such as `hi` or `hi-IN`; the deployment has the usual text for one it does not know. */
  readonly locale?: string | undefined;
}

export interface Asked extends Omit<RequestOtpInput, 'locale'> {
  readonly previousRequestId?: string | undefined;
}

/** What was under way, and for whom: purpose and context always, the number where it is known. */
export type About = Omit<RequestOtpInput, 'phoneNumber' | 'locale'> & {
  readonly phoneNumber?: string | undefined;
};

/**
 * An entry as it is stored, flat:
 *
 *     name          for whom and what for: `nameOf`
 *     phoneNumber
 *     key, resends  a request that has no end yet: its idempotency key, and the requestId that it resends
 *     requestId, codeLength, delivery, fromMs, untilMs
 *                   the code that is on its way, from and until when by the time of day
 *     verifyKey     the idempotency key of the code typed in, once one was
 */
export type Entry = Record;

/** The purpose that is meant when none is named. */
const usualPurpose = 'sign-in';

export function isSignIn(purpose: string | undefined): boolean {
  return (purpose ?? usualPurpose) === usualPurpose;
}

/** Purpose and context in one spelling, whatever the order of the members; no name of one has a comma. */
function matterOf({ purpose, context }: About): string {
  const members = Object.entries(context ?? {}).sort();
  return JSON.stringify([purpose ?? usualPurpose, members]);
}

/** Tells one number, purpose and context from another. */
export function nameOf(input: Asked): string {
  return `${input.phoneNumber} ${matterOf(input)}`;
}

/** Whether an entry is about this, for the number that is named or any. */
export function isAbout(entry: Entry, about: About): boolean {
  const phoneNumber = about.phoneNumber ?? textIn(entry, 'phoneNumber');
  return textIn(entry, 'name') === nameOf({ ...about, phoneNumber });
}

/** Keychains and Keystores hold small items: this many characters at most, and as many entries. */
const maxCharacters = 2_000;
const maxEntries = 8;

/** A change of the entry `name`, as a change of the list: the entry comes first, or goes when nothing is left. */
export function altered(name: string, change: (entry: Entry) => Entry) {
  return (value: string | undefined): string | undefined => {
    const list = parseList(value);
    const entry = change(list.find((one) => textIn(one, 'name') === name) ?? {});
    const others = list.filter((one) => textIn(one, 'name') !== name);
    const isEmpty = textIn(entry, 'key') + textIn(entry, 'requestId') === '';
    return fitting(isEmpty ? others : [entry, ...others]);
  };
}

/** A list as JSON, cut at its end to what a keychain item holds; undefined for an empty one. */
export function fitting(list: readonly unknown[]): string | undefined {
  if (list.length === 0) return undefined;
  const json = JSON.stringify(list);
  const fits = json.length <= maxCharacters && list.length <= maxEntries;
  return fits || list.length === 1 ? json : fitting(list.slice(0, -1));
}

/** The digits of a code and the pause before a resend, when no answer tells. */
const usualCodeLength = 6;
const usualResendSeconds = 30;

/** No code lives longer, whatever a deployment sets. */
const maxLifetimeSeconds = 600;

/** Four to ten digits, as codes have them; whatever else is told cannot be typed. */
function codeLengthIn(body: Record): number {
  const length = numberIn(body, 'codeLength', usualCodeLength);
  return length >= 4 && length <= 10 ? length : usualCodeLength;
}

/** The problems that no repetition of the same request gets past. */
const neverServed =
  /^urn:doorcode:(invalid-request|body-too-large|unsupported-media-type|idempotency-mismatch)$/;

/**
 * Whether this answer ends an intention although no SMS came of it. Every other refusal leaves it open: it says what
 * happened to this try, and an earlier try with the same key may have sent the SMS.
 */
export function isNeverServed({ body }: Answer): boolean {
  return neverServed.test(textIn(body, 'type'));
}

/** Whether the answer names a challenge: a success, or a refusal whose SMS may still arrive. */
export function bearsChallenge({ status, body }: Answer): boolean {
  const mayName = status < 300 || textIn(body, 'type') === 'urn:doorcode:temporarily-unavailable';
  return mayName && textIn(body, 'requestId') !== '';
}

/** The challenge in an answer; in a refusal, one whose SMS may still arrive. */
export function challengeFrom(
  { phoneNumber, purpose, context }: Asked,
  body: Record,
  nowMs: number,
): Challenge {
  const expires = numberIn(body, 'expiresInSeconds', -1);
  const pause = numberIn(body, 'resendAfterSeconds', numberIn(body, 'retryAfterSeconds', usualResendSeconds));
  return {
    requestId: textIn(body, 'requestId'),
    phoneNumber,
    purpose,
    context,
    codeLength: codeLengthIn(body),
    delivery: body['delivery'] === 'accepted' ? 'accepted' : 'unconfirmed',
    reference: textIn(body, 'supportReference') || undefined,
    resendAtMs: nowMs + pause * 1000,
    expiresAtMs: expires < 0 ? undefined : nowMs + expires * 1000,
  };
}

/** When its code ends, on the client's clock: at the latest after the longest life from the first possible resend. */
export function endOf({ expiresAtMs, resendAtMs }: Challenge): number {
  return expiresAtMs ?? resendAtMs + maxLifetimeSeconds * 1000;
}

/** What is kept of it. */
export function keptOf({ requestId, codeLength, delivery }: Challenge, body: Record, fromMs: number): Entry {
  const untilMs = fromMs + numberIn(body, 'expiresInSeconds', maxLifetimeSeconds) * 1000;
  return { requestId, codeLength, delivery, fromMs, untilMs, verifyKey: undefined };
}

/** A clock is corrected by seconds now and then; what lies further in the future is stale. */
const toleranceMs = 60_000;

/** Whether a kept code may still live, by the time of day. */
export function mayLive(entry: Entry, wallMs: number): boolean {
  const isOld = wallMs >= numberIn(entry, 'untilMs', 0);
  return textIn(entry, 'requestId') !== '' && !isOld && wallMs > numberIn(entry, 'fromMs', 0) - toleranceMs;
}
