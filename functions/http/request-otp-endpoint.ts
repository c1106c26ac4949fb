/** request-otp over HTTP: what the body may be, and what each outcome looks like to the app and in the log. */
import * as v from 'valibot';
import { contextSchema } from '../otp/caller.ts';
import { phoneNumberSchema } from '../otp/phone-number.ts';
import { requestIdSchema } from '../otp/request-id.ts';
import type {
  LimitReason,
  RequestOtp,
  RequestOtpOutcome,
  UnavailableReason,
} from '../otp/request-otp-ports.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { codeLength } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import { defaultPurpose } from '../settings/sms-settings.ts';
import { localeSchema } from '../settings/sms-templates.ts';
import { presentAdmission } from './admission-endpoint.ts';
import { json, type Presented } from './answer.ts';
import { problem } from './problem.ts';

/** What a valid body says. */
type RequestOtpBody = Omit<RequestOtp, 'idempotencyKey' | 'deviceToken'>;

/** The body: one spelling per value, nothing trimmed, unknown members refused. */
export function requestOtpSchema({
  smsTemplates,
  session,
}: Settings): v.GenericSchema<unknown, RequestOtpBody> {
  const members = v.strictObject({
    phoneNumber: phoneNumberSchema,
    purpose: v.optional(
      v.picklist(Object.keys(smsTemplates), 'expected a configured purpose'),
      defaultPurpose,
    ),
    platform: v.optional(v.picklist(['android', 'ios', 'web'], 'expected "android", "ios" or "web"')),
    locale: v.optional(localeSchema),
    previousRequestId: v.optional(requestIdSchema),
  });
  if (session === undefined) return members;
  return v.pipe(
    v.strictObject({ ...members.entries, context: v.optional(contextSchema) }),
    v.forward(
      v.partialCheck(
        [['purpose'], ['context']],
        ({ purpose, context }) => context === undefined || session.purposes.includes(purpose),
        'expected a context only with a purpose that needs a session',
      ),
      ['context'],
    ),
  );
}

const limitCodes: Readonly<Record<LimitReason, MessageCode>> = {
  address: 'request-otp.limited-by-address',
  block: 'request-otp.limited-by-block',
  denied: 'request-otp.denied',
  'test-number': 'request-otp.test-number-refused',
  sends: 'request-otp.limited-by-sends',
  attempts: 'request-otp.limited-by-attempts',
  'provider-number-limit': 'request-otp.limited-by-provider',
};

const unavailableCodes: Readonly<Record<UnavailableReason, MessageCode>> = {
  budget: 'request-otp.budget-spent',
  conversion: 'request-otp.slowed',
  'switched-off': 'request-otp.switched-off',
  paused: 'request-otp.paused',
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

const acceptedCodes = {
  sent: { accepted: 'request-otp.sent', unconfirmed: 'request-otp.unconfirmed' },
  replay: { accepted: 'request-otp.replayed', unconfirmed: 'request-otp.replayed' },
  test: { accepted: 'request-otp.test-number', unconfirmed: 'request-otp.test-number' },
} as const;

/** What the app and the log get of an outcome; `instance` is the gateway's id of the request. */
export function presentRequestOtp(outcome: RequestOtpOutcome, instance: string): Presented {
  switch (outcome.tag) {
    case 'accepted': {
      const { requestId, expiresInSeconds, resendAfterSeconds, delivery, kind } = outcome;
      const answer = json(202, { requestId, expiresInSeconds, resendAfterSeconds, codeLength, delivery });
      return { answer, code: acceptedCodes[kind][delivery] };
    }
    case 'too-many-requests': {
      const { retryAfterSeconds, reason, detail: logged } = outcome;
      const detail = 'Wait before asking for a code again.';
      return {
        answer: problem(outcome.tag, instance, { detail, retryAfterSeconds }),
        code: limitCodes[reason],
        reason: logged,
      };
    }
    case 'temporarily-unavailable': {
      const { retryAfterSeconds, requestId, reason, detail: logged } = outcome;
      const detail = requestId
        ? 'The SMS may still arrive; its code works with this requestId.'
        : 'No SMS was sent. Try again later.';
      const members = { detail, retryAfterSeconds, ...(requestId && { requestId }) };
      const answer = problem(outcome.tag, instance, members);
      return { answer, code: unavailableCodes[reason], reason: logged };
    }
    case 'idempotency-mismatch': {
      const detail = 'Use a new Idempotency-Key for each purpose.';
      return { answer: problem(outcome.tag, instance, { detail }), code: 'request-otp.idempotency-mismatch' };
    }
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return presentAdmission(outcome, instance);
  }
}
