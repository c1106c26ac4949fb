/**
 * The sign-in as a state machine, without React: a screen shows its state and calls its actions. It starts nothing that
 * nobody tapped for; in particular it never asks for an SMS by itself. Asking again for a number whose code is on its
 * way finds that code.
 *
 * Time is the client's own clock, and only a hint: a code that has expired by it may still be typed, the server decides.
 * No action throws, and each ends in a state that can be left, whatever the app handed in does.
 *
 * One file, because every action reads and writes the one state.
 */
import { type Challenge, codeIn, countdown, type Doorcode, handedIn, phoneNumberIn } from 'doorcode-client';
import { codeTyped } from './code-typed.ts';
import type { OtpState } from './flow-state.ts';
import { type Notice, noticeAt, noticeOf } from './notice.ts';
import { looksLikeOurs } from './our-sms.ts';
import { reportFault } from './report-fault.ts';

export interface OtpFlowOptions {
  readonly doorcode: Doorcode;
  readonly purpose?: string | undefined;
  /** What the code approves, where the deployment asks for it. */
  readonly context?: Challenge['context'];
  /** The language of the SMS, asked for at each request: the screens can change theirs meanwhile. */
  readonly locale?: (() => string | undefined) | undefined;
  /** Whether an SMS that the system handed over is submitted without a tap; default `looksLikeOurs`. */
  readonly isOurSms?: ((text: string, codeLength: number) => boolean) | undefined;
}

export interface OtpFlow {
  readonly state: () => OtpState;
  /** Tells of every change; the result ends it. Seconds count down while somebody listens. */
  readonly subscribe: (onChange: () => void) => () => void;
  /** Finds what was under way for this purpose and context, also from before a restart. */
  readonly start: () => Promise<void>;
  readonly typeNumber: (text: string) => void;
  readonly sendCode: () => Promise<void>;
  /** Takes a digit more, a paste, or a whole SMS; the last digit submits. */
  readonly typeCode: (text: string) => Promise<void>;
  /** Takes an SMS that the system handed over; one that comes before the challenge is held until it is there. */
  readonly receiveSms: (text: string) => Promise<void>;
  readonly submitCode: () => Promise<void>;
  readonly resend: () => Promise<void>;
  /** To the number again; nothing is sent. */
  readonly back: () => void;
  /** Signs out, and starts anew. */
  readonly restart: () => Promise<void>;
}

const tickMs = 250;

/** Longer than all tries of a client with its usual settings, storage and headers included. */
const maxActionMs = 120_000;

/** The SMS that came before the challenge: more are not looked at, and older ones neither. */
const maxHeldSms = 5;
const maxHeldMs = 300_000;

interface HeldSms {
  readonly text: string;
  readonly number: string;
  readonly atMs: number;
}

/** A flow; one for each sign-in on the screen. */
export function createOtpFlow(options: OtpFlowOptions): OtpFlow {
  const { doorcode, purpose, context, locale, isOurSms = looksLikeOurs } = options;
  let state: OtpState = { tag: 'starting' };
  let heldSms: readonly HeldSms[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();

  const become = (next: OtpState): void => {
    state = next;
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        reportFault('a listener', error);
      }
    }
  };
  /** What a call ends in; undefined if it failed or never ended. */
  const ended = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    const result = await handedIn(call, maxActionMs);
    if (result.ok) return result.value;
    reportFault('a call', result.error);
    return undefined;
  };
  const appFault: Notice = { reason: 'app-fault' };

  const enterCode = async (challenge: Challenge, refusal?: Notice): Promise<void> => {
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
    // Also those of an earlier tap for this number whose answer got lost: its SMS was the one that came.
    const held = heldSms.filter(
      ({ number, atMs }) =>
        phoneNumberIn(number) === challenge.phoneNumber && doorcode.now() - atMs < maxHeldMs,
    );
    heldSms = [];
    for (const { text } of held) await receiveSms(text);
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
    const result = await ended(() => doorcode.verifyOtp(challenge, code));
    if (result?.tag === 'signed-in') {
      become(result);
      return;
    }
    // A code that the server has seen is of no use; one that never arrived is tried again as it is.
    const isSeen = result?.tag === 'incorrect-code' || result?.tag === 'expired-code';
    become({
      tag: 'enter-code',
      challenge,
      code: isSeen ? '' : code,
      countdown: countdown(challenge, doorcode.now()),
      refusal: result === undefined ? appFault : noticeOf(result, 'verify'),
      isResending: false,
    });
  };

  const receiveSms = async (text: string): Promise<void> => {
    if (state.tag === 'sending')
      heldSms = [...heldSms, { text, number: state.number, atMs: doorcode.now() }].slice(-maxHeldSms);
    if (state.tag !== 'enter-code') return;
    const { codeLength } = state.challenge;
    const code = codeIn(text, codeLength);
    if (code === undefined || code === state.code) return;
    const isOurs = await handedIn(() => isOurSms(text, codeLength), tickMs);
    if (state.tag !== 'enter-code') return;
    become({ ...state, code, refusal: undefined });
    if (isOurs.ok && isOurs.value) await submitCode();
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
      const resumed = await ended(() => doorcode.resume({ purpose, context }));
      if (state.tag !== 'starting') return;
      if (resumed?.tag === 'challenge') await enterCode(resumed.challenge);
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
      become({ tag: 'sending', number });
      const asked = { phoneNumber, purpose, context };
      const result = await ended(async () => {
        const present = await doorcode.resume(asked);
        return present?.tag === 'challenge'
          ? present
          : await doorcode.requestOtp({ ...asked, locale: locale?.() });
      });
      if (result === undefined) become({ tag: 'idle', number, refusal: appFault });
      else if (result.tag === 'challenge' || result.tag === 'sent') await enterCode(result.challenge);
      else if (result.tag === 'unavailable' && result.challenge !== undefined)
        await enterCode(result.challenge, { reason: 'unconfirmed', reference: result.reference });
      else become({ tag: 'idle', number, refusal: noticeOf(result) });
    },
    typeCode: async (text) => {
      if (state.tag !== 'enter-code') return;
      const { codeLength } = state.challenge;
      const code = codeTyped(text, { before: state.code, codeLength });
      if (code === undefined) {
        become({ ...state, refusal: { reason: 'malformed-code' } });
        return;
      }
      const isNew = code !== state.code;
      become({ ...state, code, refusal: isNew ? undefined : state.refusal });
      if (isNew && code.length === codeLength) await submitCode();
    },
    receiveSms,
    submitCode,
    resend: async () => {
      if (state.tag !== 'enter-code' || state.isResending) return;
      const { challenge } = state;
      if (countdown(challenge, doorcode.now()).resendInSeconds > 0) return;
      become({ ...state, isResending: true, refusal: undefined });
      const result = await ended(() => doorcode.resendOtp(challenge, locale?.()));
      // A code that was typed meanwhile may have won, or be on its way.
      const now: OtpState = state;
      if (now.tag !== 'enter-code' || now.challenge !== challenge) return;
      if (result?.tag === 'sent') {
        await enterCode(result.challenge);
        return;
      }
      if (result?.tag === 'unavailable' && result.challenge !== undefined) {
        await enterCode(result.challenge, { reason: 'unconfirmed', reference: result.reference });
        return;
      }
      const wait = result !== undefined && 'retryAtMs' in result ? { resendAtMs: result.retryAtMs } : {};
      const refusal = result === undefined ? appFault : noticeOf(result);
      become({ ...now, challenge: { ...challenge, ...wait }, isResending: false, refusal });
    },
    back: () => {
      if (state.tag === 'enter-code')
        become({ tag: 'idle', number: state.challenge.phoneNumber.replace(/^\+91/, '') });
    },
    restart: async () => {
      await ended(() => doorcode.signOut());
      become({ tag: 'idle', number: '' });
    },
  };
}
