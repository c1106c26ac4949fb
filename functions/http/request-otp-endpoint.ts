/** request-otp over HTTP: what the body may be, and what each outcome looks like to the app. */
import * as v from 'valibot';
import { codeLength } from '../otp/code.ts';
import { phoneNumberSchema } from '../otp/phone-number.ts';
import { requestIdSchema } from '../otp/request-id.ts';
import type { RequestOtpOutcome } from '../otp/request-otp-ports.ts';
import type { Settings } from '../otp/settings.ts';
import { defaultPurpose } from '../otp/settings-shape.ts';
import { type Answer, json } from './answer.ts';
import { logDecision } from './log.ts';
import { problem } from './problem.ts';

/** The body: one spelling per value, nothing trimmed, unknown members refused. */
export function requestOtpSchema({ smsTemplates }: Settings) {
  return v.strictObject({
    phoneNumber: phoneNumberSchema,
    purpose: v.optional(
      v.picklist(Object.keys(smsTemplates), 'expected a configured purpose'),
      defaultPurpose,
    ),
    platform: v.optional(v.picklist(['android', 'ios', 'web'], 'expected "android", "ios" or "web"')),
    previousRequestId: v.optional(requestIdSchema),
  });
}

/** The answer to an outcome; `instance` is the gateway's id of the request. */
export function requestOtpAnswer(outcome: RequestOtpOutcome, instance: string): Answer {
  switch (outcome.tag) {
    case 'accepted': {
      const { requestId, expiresInSeconds, resendAfterSeconds, delivery } = outcome;
      return json(202, { requestId, expiresInSeconds, resendAfterSeconds, codeLength, delivery });
    }
    case 'too-many-requests': {
      const { retryAfterSeconds } = outcome;
      return problem(outcome.tag, instance, {
        detail: 'Wait before asking for a code again.',
        retryAfterSeconds,
      });
    }
    case 'temporarily-unavailable': {
      const { retryAfterSeconds, requestId } = outcome;
      const detail = requestId
        ? 'The SMS may still arrive; its code works with this requestId.'
        : 'No SMS was sent. Try again later.';
      return problem(outcome.tag, instance, {
        detail,
        retryAfterSeconds,
        ...(requestId ? { requestId } : {}),
      });
    }
    case 'idempotency-mismatch':
      return problem(outcome.tag, instance, { detail: 'Use a new Idempotency-Key for each purpose.' });
  }
}

/** The log line of an outcome. `numberTag` stands for the number. */
export function logRequestOtp(
  outcome: RequestOtpOutcome,
  line: { requestId: string; numberTag: string },
): void {
  logDecision({ code: `request-otp.${outcome.tag}`, ...line, reason: reasonOf(outcome) });
}

function reasonOf(outcome: RequestOtpOutcome): string | undefined {
  if (outcome.tag === 'accepted') return outcome.isReplay ? 'replay' : outcome.delivery;
  return outcome.tag === 'idempotency-mismatch' ? undefined : outcome.reason;
}
