/**
 * The sign-in as a state machine, without React: a screen shows its state and calls its actions. It starts nothing that
 * nobody tapped for; in particular it never asks for an SMS by itself. Going back and asking again for the same number
 * finds the code that is on its way.
 *
 * Time is the client's own clock. A code that has expired by it may still be typed: the server decides.
 */
import { type Challenge, codeIn, countdown, type Doorcode, phoneNumberIn } from 'doorcode-client';
import type { OtpState } from './flow-state.ts';
import { type Notice, noticeAt, noticeOf } from './notice.ts';
import { digitsOf } from './typed-digits.ts';

export interface OtpFlowOptions {
  readonly doorcode: Doorcode;
  readonly purpose?: string | undefined;
  /** What the code approves, where the deployment asks for it. */
  readonly context?: Challenge['context'];
}

export interface OtpFlow {
  readonly state: () => OtpState;
  /** Tells of every change; the result ends it. Seconds count down while somebody listens. */
  readonly subscribe: (onChange: () => void) => () => void;
  /** Finds what was under way before a restart. */
  readonly start: () => Promise<void>;
  readonly typeNumber: (text: string) => void;
  readonly sendCode: () => Promise<void>;
  /** Takes a digit more, a paste, or a whole SMS; the last digit submits. */
  readonly typeCode: (text: string) => Promise<void>;
  readonly submitCode: () => Promise<void>;
  readonly resend: () => Promise<void>;
  /** To the number again; nothing is sent. */
  readonly back: () => void;
  /** Signs out, and starts anew. */
  readonly restart: () => Promise<void>;
}

const tickMs = 250;

/** A flow; one for each sign-in on the screen. */
export function createOtpFlow({ doorcode, purpose, context }: OtpFlowOptions): OtpFlow {
  let state: OtpState = { tag: 'starting' };
  let onItsWay: Challenge | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();

  const become = (next: OtpState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const enterCode = (challenge: Challenge, refusal?: Notice): void => {
    onItsWay = challenge;
    const unconfirmed: Notice | undefined =
      challenge.delivery === 'unconfirmed' ? { reason: 'unconfirmed' } : undefined;
    become({
      tag: 'enter-code',
      challenge,
      code: '',
      countdown: countdown(challenge, doorcode.now()),
      refusal: refusal ?? unconfirmed,
      isResending: false,
    });
  };

  const tick = (): void => {
    const now = doorcode.now();
    if (state.tag === 'idle') {
      const refusal = noticeAt(state.refusal, now);
      if (refusal !== state.refusal) become({ ...state, refusal });
    } else if (state.tag === 'enter-code') {
      const refusal = noticeAt(state.refusal, now);
      const left = countdown(state.challenge, now);
      const { resendInSeconds, expiresInSeconds } = state.countdown;
      const isSame = left.resendInSeconds === resendInSeconds && left.expiresInSeconds === expiresInSeconds;
      if (!isSame || refusal !== state.refusal) become({ ...state, refusal, countdown: left });
    }
  };

  const submitCode = async (): Promise<void> => {
    if (state.tag !== 'enter-code') return;
    const { challenge, code } = state;
    if (code.length !== challenge.codeLength) {
      become({ ...state, refusal: { reason: 'malformed-code' } });
      return;
    }
    become({ tag: 'verifying', challenge, code, countdown: state.countdown });
    const result = await doorcode.verifyOtp(challenge, code);
    if (result.tag === 'signed-in') {
      onItsWay = undefined;
      become(result);
      return;
    }
    if (result.tag === 'expired-code') onItsWay = undefined;
    // A code that the server has seen is of no use; one that never arrived is tried again as it is.
    const isSeen = result.tag === 'incorrect-code' || result.tag === 'expired-code';
    become({
      tag: 'enter-code',
      challenge,
      code: isSeen ? '' : code,
      countdown: countdown(challenge, doorcode.now()),
      refusal: noticeOf(result),
      isResending: false,
    });
  };

  return {
    state: () => state,
    subscribe: (onChange) => {
      listeners.add(onChange);
      timer ??= setInterval(tick, tickMs);
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    start: async () => {
      if (state.tag !== 'starting') return;
      const resumed = await doorcode.resume();
      if (state.tag !== 'starting') return;
      if (resumed?.tag === 'challenge') enterCode(resumed.challenge);
      else become({ tag: 'idle', number: resumed?.phoneNumber ?? '' });
    },
    typeNumber: (number) => {
      if (state.tag === 'idle') become({ tag: 'idle', number });
    },
    sendCode: async () => {
      if (state.tag !== 'idle') return;
      const { number } = state;
      const phoneNumber = phoneNumberIn(number);
      if (phoneNumber === undefined) {
        become({ ...state, refusal: { reason: 'invalid-number' } });
        return;
      }
      const isLive = onItsWay?.expiresAtMs === undefined || onItsWay.expiresAtMs > doorcode.now();
      if (onItsWay?.phoneNumber === phoneNumber && isLive) {
        enterCode(onItsWay);
        return;
      }
      become({ tag: 'sending', number });
      const result = await doorcode.requestOtp({ phoneNumber, purpose, context });
      if (result.tag === 'sent') enterCode(result.challenge);
      else if (result.tag === 'unavailable' && result.challenge !== undefined)
        enterCode(result.challenge, { reason: 'unconfirmed', reference: result.reference });
      else become({ tag: 'idle', number, refusal: noticeOf(result) });
    },
    typeCode: async (text) => {
      if (state.tag !== 'enter-code') return;
      const { codeLength } = state.challenge;
      const code = codeIn(text, codeLength) ?? digitsOf(text, codeLength);
      if (code === undefined) become({ ...state, refusal: { reason: 'malformed-code' } });
      else {
        const isNew = code !== state.code;
        become({ ...state, code, refusal: isNew ? undefined : state.refusal });
        if (isNew && code.length === codeLength) await submitCode();
      }
    },
    submitCode,
    resend: async () => {
      if (state.tag !== 'enter-code' || state.isResending) return;
      const { challenge } = state;
      if (countdown(challenge, doorcode.now()).resendInSeconds > 0) return;
      become({ ...state, isResending: true, refusal: undefined });
      const result = await doorcode.resendOtp(challenge);
      // A code that was typed meanwhile may have won, or be on its way.
      const now: OtpState = state;
      const isStillHere = now.tag === 'enter-code' && now.challenge === challenge;
      if (result.tag === 'sent') {
        if (isStillHere) enterCode(result.challenge);
        return;
      }
      if (!isStillHere) return;
      if (result.tag === 'unavailable' && result.challenge !== undefined) {
        enterCode(result.challenge, { reason: 'unconfirmed', reference: result.reference });
        return;
      }
      const wait = 'retryAtMs' in result ? { resendAtMs: result.retryAtMs } : {};
      become({ ...now, challenge: { ...challenge, ...wait }, isResending: false, refusal: noticeOf(result) });
    },
    back: () => {
      if (state.tag === 'enter-code')
        become({ tag: 'idle', number: state.challenge.phoneNumber.replace(/^\+91/, '') });
    },
    restart: async () => {
      onItsWay = undefined;
      await doorcode.signOut();
      become({ tag: 'idle', number: '' });
    },
  };
}
