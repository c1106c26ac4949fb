/**
 * Every message code of the log, and what the person on call does about it. Each code is also the name of a metric that
 * counts it. `message-meanings.ts` says what each code means. `npm run docs` writes both into docs/on-call.md.
 */
import { messages as backgroundMessages } from './background-messages.ts';
import type { Message } from './common-messages.ts';
import { messages as requestOtpMessages } from './request-otp-messages.ts';
import { messages as sessionMessages } from './session-messages.ts';
import { messages as supportMessages } from './support-messages.ts';
import { messages as verifyOtpMessages } from './verify-otp-messages.ts';

export const messages = {
  ...requestOtpMessages,
  ...verifyOtpMessages,
  ...sessionMessages,
  ...backgroundMessages,
  ...supportMessages,
} satisfies Readonly<Record<string, Message>>;

export type MessageCode = keyof typeof messages;
