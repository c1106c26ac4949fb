/**
 * What is under way, as it is asked, answered and kept. Kept are the challenge and the key of a request that has no
 * end yet; neither holds a time, because the client's clock starts anew with the app.
 */
import type { Challenge, Context } from './challenge.ts';
import type { Answer } from './exchange.ts';
import { isRecord, numberIn, parseRecord, type Record, textIn } from './record.ts';

export interface RequestOtpInput {
  /** `+91` and ten digits: see `phoneNumberIn`. */
  readonly phoneNumber: string;
  readonly purpose?: string | undefined;
  /** Where the deployment asks for it: what the code approves. */
  readonly context?: Context | undefined;
}

export interface Asked extends RequestOtpInput {
  readonly previousRequestId?: string | undefined;
}

/** Tells one intention from another. */
export function nameOf({ phoneNumber, purpose, context, previousRequestId }: Asked): string {
  return JSON.stringify([phoneNumber, purpose, context, previousRequestId]);
}

/** Whether an intention is for this number and purpose, whatever it resends. */
export function isFor({ name }: Intention, { phoneNumber, purpose }: RequestOtpInput): boolean {
  return name.startsWith(JSON.stringify([phoneNumber, purpose]).replace(']', ','));
}

/** The digits of a code, and the pause before a resend, when no answer tells. */
const usualCodeLength = 6;
const usualResendSeconds = 30;

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
export function challengeFrom(asked: RequestOtpInput, body: Record, nowMs: number): Challenge {
  const expires = numberIn(body, 'expiresInSeconds', -1);
  const pause = numberIn(body, 'resendAfterSeconds', numberIn(body, 'retryAfterSeconds', usualResendSeconds));
  return {
    requestId: textIn(body, 'requestId'),
    phoneNumber: asked.phoneNumber,
    purpose: asked.purpose,
    context: asked.context,
    codeLength: numberIn(body, 'codeLength', usualCodeLength),
    delivery: body['delivery'] === 'accepted' ? 'accepted' : 'unconfirmed',
    resendAtMs: nowMs + pause * 1000,
    expiresAtMs: expires < 0 ? undefined : nowMs + expires * 1000,
  };
}

/** A challenge as it was kept; undefined for whatever is none. */
export function storedIn(value: string | undefined): Record | undefined {
  const stored = parseRecord(value ?? '');
  return stored !== undefined && textIn(stored, 'requestId') !== '' ? stored : undefined;
}

/** The same after a restart: how much time has passed nobody knows, so the pause starts anew. */
export function challengeAfterRestart(stored: Record, nowMs: number): Challenge {
  const context = stored['context'];
  return {
    ...challengeFrom(
      { phoneNumber: textIn(stored, 'phoneNumber') },
      { ...stored, expiresInSeconds: -1 },
      nowMs,
    ),
    purpose: textIn(stored, 'purpose') || undefined,
    context: isRecord(context) ? (context as Context) : undefined,
  };
}

interface Intention {
  readonly name: string;
  readonly key: string;
  readonly phoneNumber: string;
}

/** A request that has no end yet, as it was kept. */
export function intentionIn(value: string | undefined): Intention | undefined {
  const stored = parseRecord(value ?? '');
  if (stored === undefined) return undefined;
  return {
    name: textIn(stored, 'name'),
    key: textIn(stored, 'key'),
    phoneNumber: textIn(stored, 'phoneNumber'),
  };
}
