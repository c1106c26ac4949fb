/**
 * Reads the outcome of a send from the provider's answer. This file alone knows the texts, codes and statuses of
 * StartMessaging.
 *
 * The error code decides first, because an outage may come as status 400. `INTERNAL_ERROR` and unknown codes say nothing,
 * and then the status decides. An answer that cannot be understood counts as "an SMS may still come", because a second
 * SMS for one intention costs more than a code that is kept too long.
 */
import { maxProviderRetryAfterSeconds, providerNumberWindowSeconds } from '../settings/fixed-numbers.ts';

/** Why no SMS left. An operator has to act on `key`, `account`, `request` and `balance`. */
export type RefusalCause =
  | 'key'
  | 'account'
  | 'request'
  | 'balance'
  | 'throttled'
  | 'carrier'
  | 'unreachable';

export type SendOutcome =
  /** `messageId` is the provider's id of the SMS; undefined where it gave none that may stand in a log. */
  | { readonly tag: 'accepted'; readonly messageId?: string | undefined }
  /** No answer: the SMS may or may not come. */
  | { readonly tag: 'unconfirmed' }
  /** Answered, and not a success: an SMS may still come. */
  | { readonly tag: 'failed'; readonly retryAfterSeconds: number | undefined }
  /** No SMS left. */
  | { readonly tag: 'refused'; readonly cause: RefusalCause; readonly retryAfterSeconds: number | undefined }
  /** No SMS left, but the provider counted the send. */
  | { readonly tag: 'number-limited'; readonly retryAfterSeconds: number };

/** A send, and how long the provider took for it. */
export type Sent = SendOutcome & { readonly latencyMs?: number; readonly messageId?: string | undefined };

/** One exchange with the provider. `body` is undefined when it broke off or was too long. */
export type Exchange =
  | {
      readonly tag: 'answered';
      readonly status: number;
      readonly body: string | undefined;
      readonly retryAfter: string | undefined;
    }
  | { readonly tag: 'no-answer' }
  | { readonly tag: 'unreachable' };

type ErrorClass = RefusalCause | 'number';

const byCode: Readonly<Record<string, ErrorClass>> = {
  UNAUTHORIZED: 'key',
  FORBIDDEN: 'account',
  VALIDATION_ERROR: 'request',
  INSUFFICIENT_BALANCE: 'balance',
  RATE_LIMIT_EXCEEDED: 'number',
  OTP_SEND_FAILED: 'carrier',
};

const byStatus: Readonly<Record<number, ErrorClass>> = {
  400: 'request',
  401: 'key',
  402: 'balance',
  403: 'account',
  429: 'throttled',
};

/** Reads the outcome of one exchange. */
export function readSendOutcome(exchange: Exchange): SendOutcome {
  if (exchange.tag === 'no-answer') return { tag: 'unconfirmed' };
  if (exchange.tag === 'unreachable')
    return { tag: 'refused', cause: 'unreachable', retryAfterSeconds: undefined };
  const { status } = exchange;
  const retryAfterSeconds = readRetryAfter(exchange.retryAfter);
  const answer = parseObject(exchange.body);
  if (status === 201 && exchange.body === undefined) return { tag: 'unconfirmed' };
  if (status === 201 && answer?.['success'] === true) {
    return { tag: 'accepted', messageId: readMessageId(answer['data']) };
  }
  const errorClass = status >= 400 && answer !== undefined ? classify(status, answer) : undefined;
  if (errorClass === undefined) return { tag: 'failed', retryAfterSeconds };
  if (errorClass !== 'number') return { tag: 'refused', cause: errorClass, retryAfterSeconds };
  return { tag: 'number-limited', retryAfterSeconds: retryAfterSeconds ?? providerNumberWindowSeconds };
}

function classify(status: number, answer: Readonly<Record<string, unknown>>): ErrorClass | undefined {
  const { error } = answer;
  const code = isObject(error) ? error['code'] : undefined;
  const known = typeof code === 'string' && Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  return known ?? byStatus[status];
}

/** A UUID, or a short id without ten digits in a row, which could be a phone number. */
const messageIdPattern = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?!.*[0-9]{10})[A-Za-z0-9_-]{8,64})$/i;

function readMessageId(data: unknown): string | undefined {
  const id = isObject(data) ? data['messageId'] : undefined;
  return typeof id === 'string' && messageIdPattern.test(id) ? id : undefined;
}

/** RFC 9110 section 10.2.3, the seconds form only: a date would need the provider's clock. */
function readRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^[1-9][0-9]{0,3}$/.test(header)) return undefined;
  const seconds = Number(header);
  return seconds <= maxProviderRetryAfterSeconds ? seconds : undefined;
}

function parseObject(body: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
