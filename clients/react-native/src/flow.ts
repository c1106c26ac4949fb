/**
 * The sign-in as a state machine, without React. A screen shows its state and calls its actions. The flow never asks for an
 * SMS unless the user taps. Asking again for a number whose code is on its way finds that code.
 *
 * The client's clock is only a hint. The user may still type a code that has expired by it, because the server decides. No
 * action throws. Whatever the app's own functions do, each action ends in a state that the user can leave.
 *
 * The file is long because every action reads and writes the same state.
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
  /** The context that the code approves, for a purpose that needs a session. */
  readonly context?: Challenge['context'];
  /** Gives the language of the SMS. The flow calls it for each request, because the screens' language can change. */
  readonly locale?: (() => string | undefined) | undefined;
  /** Whether an SMS that the system handed over is submitted without a tap; default `looksLikeOurs`. */
  readonly isOurSms?: ((text: string, codeLength: number) => boolean) | undefined;
}

export interface OtpFlow {
  readonly state: () => OtpState;
  /** Calls the listener at every change; the result removes it. Countdowns run while there is a listener. */
  readonly subscribe: (onChange: () => void) => () => void;
  /** Finds what was under way for this purpose and context, also from before a restart. */
  readonly start: () => Promise<void>;
  readonly typeNumber: (text: string) => void;
  readonly sendCode: () => Promise<void>;
  /** Takes one more digit, a paste, or a whole SMS. The last digit submits the code. */
  readonly typeCode: (text: string) => Promise<void>;
  /** Takes an SMS from the system. The flow holds an SMS that comes before the challenge. */
  readonly receiveSms: (text: string) => Promise<void>;
  readonly submitCode: () => Promise<void>;
  readonly resend: () => Promise<void>;
  /** Goes back to the number. Sends nothing. */
  readonly back: () => void;
  /** Signs out, and starts again. */
  readonly restart: () => Promise<void>;
}

const tickMs = 250;

/** The longest that an action waits: longer than all tries of a client with default settings, with storage and headers. */
const maxActionMs = 120_000;

/** Limits on the SMS that are held before the challenge comes. The flow ignores more and older ones. */
const maxHeldSms = 5;
const maxHeldMs = 300_000;

interface HeldSms {
  readonly text: string;
  readonly number: string;
  readonly atMs: number;
}

/** Creates the flow of one sign-in. */
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
  /** The result of a call; undefined if it failed or never ended. */
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
    // Includes SMS since an earlier tap for this number whose answer got lost, because that tap caused the SMS.
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
    // A code that the server has refused is cleared. A code that never arrived stays, for another try.
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
      // Meanwhile the user may have typed a code that won, or whose check is under way.
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
