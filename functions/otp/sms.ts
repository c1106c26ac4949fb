/**
 * The SMS in the form that StartMessaging takes. Its text is a template that the adopter had approved. A client can choose
 * among the configured templates by its platform and language, but cannot send a template or a text of its own.
 */

import type { Settings } from '../settings/settings.ts';
import { type Reader, templateFor } from '../settings/sms-templates.ts';
import type { Code } from './code.ts';
import type { PhoneNumber } from './phone-number.ts';

/** The message, and its recipient. */
export interface CodeMessage extends Reader {
  readonly phoneNumber: PhoneNumber;
  readonly code: Code;
  readonly purpose: string;
  /** The provider's idempotency key for this send. It does not reveal the challenge. */
  readonly sendId: string;
}

/** The body of `POST /otp/send`. Every value is a string, because a JSON number loses leading zeros. */
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
