/** Every message of the function `support`: its own, and those of the two functions that it tells about. */
import { byDependency, info, type Message, none, warn } from './common-messages.ts';
import { messages as requestOtpMessages } from './request-otp-messages.ts';
import { messages as verifyOtpMessages } from './verify-otp-messages.ts';

export const messages = {
  ...requestOtpMessages,
  ...verifyOtpMessages,
  'support.asked': info(none),
  'support.forgot': warn('Nothing, if the person asked for it. The line says who ran the command.'),
  'support.failed': warn(byDependency),
} satisfies Readonly<Record<string, Message>>;
