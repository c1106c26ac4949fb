/** The state of a sign-in, as plain data. It holds everything that a screen shows. */
import type { Challenge, Countdown } from 'doorcode-client';
import type { Notice } from './notice.ts';

interface Typing {
  /** The text as the user typed it. The flow reads the number in it. */
  readonly number: string;
}

interface Coding {
  readonly challenge: Challenge;
  /** ASCII digits, at most as many as the code has. */
  readonly code: string;
  readonly countdown: Countdown;
}

export type OtpState =
  /** The flow is reading what was under way before a restart. */
  | { readonly tag: 'starting' }
  /** `refusal`: why the last request was refused, and how long to wait. */
  | (Typing & { readonly tag: 'idle'; readonly refusal?: Notice | undefined })
  | (Typing & { readonly tag: 'sending' })
  | (Coding & {
      readonly tag: 'enter-code';
      readonly refusal?: Notice | undefined;
      readonly isResending: boolean;
    })
  | (Coding & { readonly tag: 'verifying' })
  | { readonly tag: 'signed-in'; readonly accessToken: string; readonly expiresInSeconds: number };
