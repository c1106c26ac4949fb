/**
 * What is under way, as it is asked, answered and kept. Kept are the challenge and the key of a request without an
 * answer; neither holds a time, because the client's clock starts anew with the app.
 */
import type { Challenge, Context } from './challenge.ts';
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

/** The digits of a code, and the pause before a resend, when no answer tells. */
const usualCodeLength = 6;
const usualResendSeconds = 30;

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

/** A request without an answer, as it was kept. */
export function intentionIn(value: string | undefined): Intention | undefined {
  const stored = parseRecord(value ?? '');
  if (stored === undefined) return undefined;
  return {
    name: textIn(stored, 'name'),
    key: textIn(stored, 'key'),
    phoneNumber: textIn(stored, 'phoneNumber'),
  };
}
