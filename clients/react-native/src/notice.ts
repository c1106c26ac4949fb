/** What a screen has to say about the last call: a reason, and what the person can do about it, as plain data. */
import type { RequestOtpResult, VerifyOtpResult } from 'doorcode-client';

export interface Notice {
  readonly reason:
    | 'invalid-number'
    | 'malformed-code'
    | 'incorrect-code'
    | 'expired-code'
    | 'unconfirmed'
    | 'offline'
    | 'timeout'
    | 'captive-portal'
    | 'busy'
    | 'too-many-requests'
    | 'too-many-attempts'
    | 'unavailable'
    | 'unauthorized'
    | 'app-not-attested'
    /** A server that this version of the app does not understand. */
    | 'unknown';
  /** What is left of a wait, counted down; on the client's clock. */
  readonly until?: { readonly atMs: number; readonly seconds: number } | undefined;
  readonly attemptsRemaining?: number | undefined;
  /** The id of the request, for support. */
  readonly reference?: string | undefined;
}

type Refused = Exclude<RequestOtpResult | VerifyOtpResult, { readonly tag: 'sent' | 'signed-in' }>;

/** The notice of a refusal. */
export function noticeOf(refused: Refused): Notice {
  const reference = 'reference' in refused ? refused.reference : undefined;
  switch (refused.tag) {
    case 'refused':
      return { reason: 'unknown', reference };
    case 'invalid-request':
      return { reason: 'invalid-number', reference };
    case 'incorrect-code':
      return { reason: refused.tag, attemptsRemaining: refused.attemptsRemaining, reference };
    case 'too-many-requests':
    case 'too-many-attempts':
    case 'unavailable': {
      const until = { atMs: refused.retryAtMs, seconds: refused.retryAfterSeconds };
      return { reason: refused.tag, until, reference };
    }
    default:
      return { reason: refused.tag, reference };
  }
}

/** The notice as of `nowMs`: its wait is shorter, and one that is over is gone. */
export function noticeAt(notice: Notice | undefined, nowMs: number): Notice | undefined {
  if (notice?.until === undefined) return notice;
  const seconds = Math.max(0, Math.ceil((notice.until.atMs - nowMs) / 1000));
  if (seconds === 0) return undefined;
  return seconds === notice.until.seconds ? notice : { ...notice, until: { ...notice.until, seconds } };
}
