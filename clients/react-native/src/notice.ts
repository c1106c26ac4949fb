/** The notice about the last call, as plain data: a reason, and what the user can do about it. */
import type { Refusal, RequestOtpResult, VerifyOtpResult } from 'doorcode-client';

/** One reason for each cause. */
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
  /** The server failed. */
  | 'server-fault'
  /** The server refused the app's request as invalid, for another reason than the number. */
  | 'invalid-request'
  /** The app failed to give its own headers, such as an attestation. */
  | 'headers-failed'
  /** A function or storage of the app failed. */
  | 'app-fault'
  /** This version of the app does not understand the server's answer. */
  | 'unknown';

export interface Notice {
  readonly reason: Reason;
  /** The rest of a wait, counted down on the client's clock. */
  readonly until?: { readonly atMs: number; readonly seconds: number } | undefined;
  readonly attemptsRemaining?: number | undefined;
  /** What the user tells support. */
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

/** The user can correct only what they typed. Any other invalid member is a fault of the app. */
function invalidPart({ errors }: Extract<Refusal, { readonly tag: 'invalid-request' }>): Reason {
  const pointers = errors.map(({ pointer }) => pointer);
  if (pointers.includes('#/phoneNumber')) return 'invalid-number';
  return pointers.includes('#/code') ? 'malformed-code' : 'invalid-request';
}

/** The notice at `nowMs`, with the rest of its wait. A notice whose wait is over is gone. */
export function noticeAt(notice: Notice | undefined, nowMs: number): Notice | undefined {
  if (notice?.until === undefined) return notice;
  const seconds = Math.max(0, Math.ceil((notice.until.atMs - nowMs) / 1000));
  if (seconds === 0) return undefined;
  return seconds === notice.until.seconds ? notice : { ...notice, until: { ...notice.until, seconds } };
}
