/** request-otp over HTTP: what the body may be, and what each outcome looks like to the app and in the log. */
import * as v from 'valibot';
import type { AdmissionRefusal } from '../otp/admission.ts';
import { type Context, contextSchema } from '../otp/caller.ts';
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
import { admissionAnswer, admissionCodes } from './admission-endpoint.ts';
import { type Answer, json } from './answer.ts';
import { problem } from './problem.ts';

/** What a valid body says. */
type RequestOtpBody = Pick<
  RequestOtp,
  'phoneNumber' | 'purpose' | 'platform' | 'locale' | 'previousRequestId'
> & {
  readonly context?: Context | undefined;
};

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

/** The answer to an outcome; `instance` is the gateway's id of the request. */
export function requestOtpAnswer(outcome: RequestOtpOutcome | AdmissionRefusal, instance: string): Answer {
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
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return admissionAnswer(outcome, instance);
  }
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

const deliveryCodes = { accepted: 'request-otp.sent', unconfirmed: 'request-otp.unconfirmed' } as const;

/** The message code of an outcome. */
export function requestOtpCode(outcome: RequestOtpOutcome | AdmissionRefusal): MessageCode {
  switch (outcome.tag) {
    case 'accepted':
      return acceptedCode(outcome);
    case 'too-many-requests':
      return limitCodes[outcome.reason];
    case 'temporarily-unavailable':
      return unavailableCodes[outcome.reason];
    case 'idempotency-mismatch':
      return 'request-otp.idempotency-mismatch';
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return admissionCodes[outcome.tag];
  }
}

function acceptedCode({ kind, delivery }: RequestOtpOutcome & { readonly tag: 'accepted' }): MessageCode {
  switch (kind) {
    case 'sent':
      return deliveryCodes[delivery];
    case 'replay':
      return 'request-otp.replayed';
    case 'test':
      return 'request-otp.test-number';
  }
}

/** What the log says besides, where the code alone does not tell. */
export function requestOtpReason(outcome: RequestOtpOutcome | AdmissionRefusal): {
  readonly reason?: string;
} {
  switch (outcome.tag) {
    case 'temporarily-unavailable':
      return outcome.detail === undefined ? {} : { reason: outcome.detail };
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return { reason: outcome.reason };
    case 'accepted':
    case 'too-many-requests':
    case 'idempotency-mismatch':
      return {};
  }
}
