/** request-otp over HTTP: what the body may be, and what each outcome looks like to the app and in the log. */
import * as v from 'valibot';
import { codeLength } from '../otp/code.ts';
import { phoneNumberSchema } from '../otp/phone-number.ts';
import { requestIdSchema } from '../otp/request-id.ts';
import type { LimitReason, RequestOtpOutcome, UnavailableReason } from '../otp/request-otp-ports.ts';
import type { Settings } from '../otp/settings.ts';
import { defaultPurpose } from '../otp/settings-shape.ts';
import { type Answer, json } from './answer.ts';
import type { MessageCode } from './message-codes.ts';
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

const limitCodes: Readonly<Record<LimitReason, MessageCode>> = {
  address: 'request-otp.limited-by-address',
  sends: 'request-otp.limited-by-sends',
  attempts: 'request-otp.limited-by-attempts',
  'provider-number-limit': 'request-otp.limited-by-provider',
};

const unavailableCodes: Readonly<Record<UnavailableReason, MessageCode>> = {
  budget: 'request-otp.budget-spent',
  'reserve-unknown': 'request-otp.reserve-unknown',
  'provider-failed': 'request-otp.provider-failed',
  'provider-key': 'request-otp.provider-key',
  'provider-account': 'request-otp.provider-account',
  'provider-request': 'request-otp.provider-request',
  'provider-balance': 'request-otp.provider-balance',
  'provider-throttled': 'request-otp.provider-throttled',
  'provider-carrier': 'request-otp.provider-carrier',
  'provider-unreachable': 'request-otp.provider-unreachable',
};

const deliveryCodes = { accepted: 'request-otp.sent', unconfirmed: 'request-otp.unconfirmed' } as const;

/** The message code of an outcome. */
export function requestOtpCode(outcome: RequestOtpOutcome): MessageCode {
  switch (outcome.tag) {
    case 'accepted':
      return outcome.isReplay ? 'request-otp.replayed' : deliveryCodes[outcome.delivery];
    case 'too-many-requests':
      return limitCodes[outcome.reason];
    case 'temporarily-unavailable':
      return unavailableCodes[outcome.reason];
    case 'idempotency-mismatch':
      return 'request-otp.idempotency-mismatch';
  }
}
