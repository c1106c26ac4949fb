/**
 * Every message code of the log, and what the person on call does about it. Each code is also the name of a metric that
 * counts it. `message-meanings.ts` says what each code means. `npm run docs` writes both into docs/on-call.md.
 */
import { messages as backgroundMessages } from './background-messages.ts';
import { byDependency, info, type Message, none, warn } from './common-messages.ts';
import { messages as requestOtpMessages } from './request-otp-messages.ts';
import { messages as sessionMessages } from './session-messages.ts';
import { messages as verifyOtpMessages } from './verify-otp-messages.ts';

export const messages = {
  ...requestOtpMessages,
  ...verifyOtpMessages,
  ...sessionMessages,
  ...backgroundMessages,
  // The function `support` tells of all other messages, so its bundle has them all.
  'support.asked': info(none),
  'support.forgot': warn('Nothing, if the person asked for it. The line says who ran the command.'),
  'support.failed': warn(byDependency),
} satisfies Readonly<Record<string, Message>>;

export type MessageCode = keyof typeof messages;
