/**
 * The provider's checks of a send, in its order: throttle, key, account, request, count per number, balance, text, carrier.
 * A send that the balance check refuses has already used one of the three sends per five minutes.
 */
import * as v from 'valibot';
import { admit } from './admit.ts';
import { failure, type ProviderAnswer, success } from './answers.ts';
import { renderText } from './sms-template.ts';
import type { ProviderState, RecordedSend } from './state.ts';

const windowMs = 5 * 60 * 1000;
const sendsPerNumber = 3;
const throttleWindowMs = 10_000;
const pricePerSend = 0.25;

/** The sends of one caller address in ten seconds, unless the control endpoint changes it. */
export const defaultRequestsPerThrottleWindow = 200;

/** The counters, which are only in memory. Times are epoch milliseconds. */
export interface Counters {
  readonly requestsByAddress: Map<string, number[]>;
  readonly sendsByNumber: Map<string, number[]>;
  readonly answersByIdempotencyKey: Map<
    string,
    { readonly phoneNumber: string; readonly answer: ProviderAnswer }
  >;
}

export interface SendRequest {
  readonly address: string;
  readonly key: string | undefined;
  readonly body: string;
  readonly nowMs: number;
  readonly requestsPerThrottleWindow: number;
  /** True while a switch makes the carrier fail. */
  readonly carrierFails: boolean;
}

const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i));
const bodySchema = v.object({
  phoneNumber: v.pipe(v.string(), v.regex(/^\+91[6-9]\d{9}$/)),
  templateId: uuid,
  variables: v.looseObject({ otp: v.union([v.string(), v.number()]) }),
  idempotencyKey: v.optional(v.string(), ''),
});

/** Decides about a send, counts it, and returns the answer; also the record of an accepted send. */
export function decideSend(
  state: ProviderState,
  counters: Counters,
  request: SendRequest,
): { readonly answer: ProviderAnswer; readonly send?: RecordedSend } {
  const { nowMs } = request;
  const isDocumented = state.profile === 'documented';
  if (
    !admit(counters.requestsByAddress, request.address, {
      nowMs,
      windowMs: throttleWindowMs,
      max: request.requestsPerThrottleWindow,
    })
  ) {
    return {
      answer: failure({
        status: 429,
        code: 'INTERNAL_ERROR',
        message: 'ThrottlerException: Too Many Requests',
        retryAfterSeconds: 10,
      }),
    };
  }
  const keyLabel = state.keys[request.key ?? ''];
  if (keyLabel === undefined) return refused(401, 'UNAUTHORIZED', 'Invalid API key');
  const isForeign = state.callers.length > 0 && !state.callers.includes(request.address);
  if (isForeign || state.account === 'suspended') {
    return isDocumented
      ? refused(403, 'FORBIDDEN', 'Not allowed')
      : refused(401, 'UNAUTHORIZED', 'Invalid API key');
  }
  if (state.account === 'unapproved') return refused(403, 'FORBIDDEN', 'Account is not approved');

  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), bodySchema), request.body);
  if (!parsed.success) return invalid('phoneNumber, templateId and variables.otp are required');
  const { phoneNumber, templateId, variables, idempotencyKey } = parsed.output;
  const isNumber = typeof variables.otp === 'number';
  if ((isNumber && isDocumented) || !/^\d{4,6}$/.test(String(variables.otp)))
    return invalid('otp must be a string of 4 to 6 digits');
  if (String(variables['appName'] ?? '').length > 30) return invalid('appName is too long');

  const earlier = isDocumented ? counters.answersByIdempotencyKey.get(idempotencyKey) : undefined;
  if (earlier !== undefined) {
    return earlier.phoneNumber === phoneNumber
      ? { answer: earlier.answer }
      : refused(409, 'CONFLICT', 'Key was used');
  }
  if (!admit(counters.sendsByNumber, phoneNumber, { nowMs, windowMs, max: sendsPerNumber })) {
    const limited = { code: 'RATE_LIMIT_EXCEEDED', message: 'Too many messages to this number' };
    return {
      answer: failure(
        isDocumented ? { status: 429, ...limited, retryAfterSeconds: 300 } : { status: 400, ...limited },
      ),
    };
  }
  if (state.balance < pricePerSend)
    return refused(isDocumented ? 402 : 400, 'INSUFFICIENT_BALANCE', 'Balance is too low');
  const text = renderText(state.profile, { templateId, variables });
  if (text === undefined) return invalid('unknown templateId');
  if (request.carrierFails) {
    counters.sendsByNumber.get(phoneNumber)?.pop();
    return refused(isDocumented ? 502 : 400, 'OTP_SEND_FAILED', 'The carrier did not take the message');
  }

  const messageId = crypto.randomUUID();
  const status = isDocumented ? 'queued' : 'sent';
  const answer = success(201, { otpRequestId: crypto.randomUUID(), messageId, status });
  if (isDocumented && idempotencyKey !== '')
    counters.answersByIdempotencyKey.set(idempotencyKey, { phoneNumber, answer });
  const send = {
    phoneNumber,
    text,
    code: String(variables.otp),
    templateId,
    keyLabel,
    idempotencyKey,
    sentAtMs: nowMs,
    messageId,
  };
  return { answer, send };
}

/** What a send costs, in rupees. */
export const sendPrice: number = pricePerSend;

function refused(status: number, code: string, message: string): { answer: ProviderAnswer } {
  return { answer: failure({ status, code, message }) };
}

function invalid(detail: string): { answer: ProviderAnswer } {
  return {
    answer: failure({
      status: 400,
      code: 'VALIDATION_ERROR',
      message: 'Validation failed',
      details: [detail],
    }),
  };
}
