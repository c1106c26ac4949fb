/**
 * Every word that the screens say. A language is an object of this type: one that lacks a text, or a reason, does not
 * compile. Numbers and durations in it are the language's own to place.
 */
import type { Notice, Reason } from './notice.ts';

export interface Texts {
  /** The SMS that goes with these words: its language, as a tag such as `hi`. */
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
  /** Shown where the app did not take the token: tells it once more. */
  readonly goOn: string;
  readonly reference: (reference: string) => string;
  /** A wait or a lifetime in whole seconds. */
  readonly duration: (seconds: number) => string;
  readonly notice: (notice: Notice) => string;
}

/** What a notice may say numbers about. */
export interface NoticeValues {
  /** What is left of the wait; undefined where none was told. */
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
