/**
 * The SMS as StartMessaging takes it. The text belongs to a template that the adopter had approved; a client can
 * choose between configured ones by its platform and its language, and never brings a template or a word of its own.
 */

import type { Settings } from '../settings/settings.ts';
import { type Reader, templateFor } from '../settings/sms-templates.ts';
import type { Code } from './code.ts';
import type { PhoneNumber } from './phone-number.ts';

/** What is to be told to whom. */
export interface CodeMessage extends Reader {
  readonly phoneNumber: PhoneNumber;
  readonly code: Code;
  readonly purpose: string;
  /** Names the send to the provider, without giving the challenge away. */
  readonly sendId: string;
}

/** The body of `POST /otp/send`. Every value is a string: a number would lose its leading zeros. */
export interface Sms {
  readonly phoneNumber: string;
  readonly templateId: string;
  readonly variables: { readonly otp: string; readonly appName: string; readonly expiry: string };
  readonly idempotencyKey: string;
}

/** The SMS of a message; the lifetime it states is the real one, in whole minutes. */
export function smsOf({ smsTemplates, appName, codeLifetimeSeconds }: Settings, message: CodeMessage): Sms {
  const { phoneNumber, code, purpose, sendId } = message;
  const templates = smsTemplates[purpose];
  if (templates === undefined) throw new RangeError('expected a configured purpose');
  return {
    phoneNumber,
    templateId: templateFor(templates, message),
    variables: { otp: code, appName, expiry: String(codeLifetimeSeconds / 60) },
    idempotencyKey: sendId,
  };
}
