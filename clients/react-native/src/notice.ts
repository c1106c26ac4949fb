/** What a screen has to say about the last call: a reason, and what the person can do about it, as plain data. */
import type { Refusal, RequestOtpResult, VerifyOtpResult } from 'doorcode-client';

/** Each cause has its own. */
export type Reason =
  | 'invalid-number'
  | 'malformed-code'
  | 'incorrect-code'
  | 'expired-code'
  | 'unconfirmed'
  | 'offline'
  | 'timeout'
  | 'captive-portal'
  | 'busy'
  | 'blocked'
  | 'wrong-address'
  | 'too-many-requests'
  | 'too-many-attempts'
  /** No SMS can be sent. */
  | 'unavailable'
  /** No code can be checked. */
  | 'verify-unavailable'
  | 'unauthorized'
  | 'app-not-attested'
  /** A fault of the server's. */
  | 'server-fault'
  /** The app asked in a way that the server does not take, other than a number that is none. */
  | 'invalid-request'
  /** The app's own headers, such as an attestation, were not to be had. */
  | 'headers-failed'
  /** Something that the app handed in failed. */
  | 'app-fault'
  /** A server that this version of the app does not understand. */
  | 'unknown';

export interface Notice {
  readonly reason: Reason;
  /** What is left of a wait, counted down; on the client's clock. */
  readonly until?: { readonly atMs: number; readonly seconds: number } | undefined;
  readonly attemptsRemaining?: number | undefined;
  /** The id of the request, for support. */
  readonly reference?: string | undefined;
}

type Refused = Exclude<RequestOtpResult | VerifyOtpResult, { readonly tag: 'sent' | 'signed-in' }>;

/** The notice of a refusal, by which call was refused. */
export function noticeOf(refused: Refused, call: 'request' | 'verify' = 'request'): Notice {
  const reference = 'reference' in refused ? refused.reference : undefined;
  switch (refused.tag) {
    case 'refused':
      return { reason: refused.status >= 500 ? 'server-fault' : 'unknown', reference };
    case 'invalid-request':
      return { reason: invalidPart(refused), reference };
    case 'incorrect-code':
      return { reason: refused.tag, attemptsRemaining: refused.attemptsRemaining, reference };
    case 'too-many-requests':
    case 'too-many-attempts':
    case 'unavailable': {
      const until = { atMs: refused.retryAtMs, seconds: refused.retryAfterSeconds };
      const isVerify = refused.tag === 'unavailable' && call === 'verify';
      return { reason: isVerify ? 'verify-unavailable' : refused.tag, until, reference };
    }
    default:
      return { reason: refused.tag, reference };
  }
}

/** Only what was typed can be typed anew; anything else that is invalid is the app's doing. */
function invalidPart({ errors }: Extract<Refusal, { readonly tag: 'invalid-request' }>): Reason {
  const pointers = errors.map(({ pointer }) => pointer);
  if (pointers.includes('#/phoneNumber')) return 'invalid-number';
  return pointers.includes('#/code') ? 'malformed-code' : 'invalid-request';
}

/** The notice as of `nowMs`: its wait is shorter, and one that is over is gone. */
export function noticeAt(notice: Notice | undefined, nowMs: number): Notice | undefined {
  if (notice?.until === undefined) return notice;
  const seconds = Math.max(0, Math.ceil((notice.until.atMs - nowMs) / 1000));
  if (seconds === 0) return undefined;
  return seconds === notice.until.seconds ? notice : { ...notice, until: { ...notice.until, seconds } };
}
