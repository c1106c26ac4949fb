/**
 * All texts of the screens. A language is an object of this type, and does not compile if it lacks a text or a reason. Each
 * language places numbers and durations itself.
 */
import type { Notice, Reason } from './notice.ts';

export interface Texts {
  /** The language of the SMS that goes with these texts, as a tag such as `hi`. */
  readonly sms: { readonly locale: string };
  readonly numberTitle: string;
  readonly numberHint: string;
  readonly numberLabel: string;
  readonly send: string;
  readonly sending: string;
  readonly codeTitle: string;
  readonly codeHint: (phoneNumber: string) => string;
  readonly codeLabel: (codeLength: number) => string;
  readonly verify: string;
  readonly verifying: string;
  readonly resend: string;
  readonly resendIn: (duration: string) => string;
  readonly resending: string;
  readonly expiresIn: (duration: string) => string;
  readonly expired: string;
  readonly changeNumber: string;
  readonly starting: string;
  readonly signedIn: string;
  /** The button that gives the token to the app again, after the app failed to take it. */
  readonly goOn: string;
  readonly reference: (reference: string) => string;
  /** Below the code, once another SMS may be asked for. */
  readonly noSms: (reference: string) => string;
  /** A wait or a lifetime in whole seconds. */
  readonly duration: (seconds: number) => string;
  readonly notice: (notice: Notice) => string;
}

/** The numbers that a notice may contain. */
export interface NoticeValues {
  /** The rest of the wait; undefined if the server told none. */
  readonly wait: string | undefined;
  readonly attemptsRemaining: number | undefined;
}

/** One text for each reason. */
export type NoticeTexts = { readonly [reason in Reason]: string | ((values: NoticeValues) => string) };

/** The `notice` of a language, from a text for each reason. */
export function noticesIn(texts: NoticeTexts, duration: Texts['duration']): Texts['notice'] {
  return ({ reason, until, attemptsRemaining }) => {
    const text = texts[reason];
    if (typeof text === 'string') return text;
    return text({ wait: until && duration(until.seconds), attemptsRemaining });
  };
}

/** `+91 98765 43210`, in one line and from left to right in every language. */
export function spacedNumber(phoneNumber: string): string {
  return `\u2066${phoneNumber.replace(/^(\+91)(\d{5})(\d{5})$/, '$1\u00a0$2\u00a0$3')}\u2069`;
}
