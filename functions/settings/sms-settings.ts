/** What an SMS says, how long its code works, and which numbers get none. */
import * as v from 'valibot';
import { wholeNumber } from '../limits/whole-number.ts';
import { exactRecord } from './exact-record.ts';
import { maxCodeLifetimeSeconds } from './fixed-numbers.ts';
import { gsm7Pattern } from './gsm-7.ts';
import { templatesSchema } from './sms-templates.ts';

/** The purpose of a request that names none. It is always configured. */
export const defaultPurpose = 'sign-in';

/** StartMessaging's shared DLT-free template; the adopter confirms it in the dashboard. */
const sharedRouteTemplateId = '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d';

/** A calendar day, such as `2027-01-31` (ISO 8601). */
export const dayPattern = /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

export const purposeSchema = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:constructor|prototype)$)[a-z][a-z0-9-]{0,31}$/,
    'expected a purpose such as "sign-in": a-z, 0-9 and -, at most 32 characters',
  ),
);

export const smsEntries = {
  /** The name that the SMS gives: at most 30 characters of the GSM 7-bit alphabet, no URL, no run of four digits. */
  appName: v.pipe(
    v.string(),
    v.regex(/^\S(.*\S)?$/, 'expected a name without spaces around it'),
    v.regex(gsm7Pattern, 'expected characters of the GSM 7-bit alphabet only'),
    v.maxLength(30, 'expected at most 30 characters'),
    v.regex(
      /^(?!.*(:\/\/|www\.|\.[a-z]{2,}\b)).*$/i,
      'expected a name, not a URL: carriers drop such an SMS',
    ),
    v.regex(/^(?!.*\d{4})/, 'expected no run of four or more digits: phones would take it for the code'),
  ),
  /**
   * StartMessaging templates per purpose, and per platform where its text differs. Requests for any other purpose are
   * refused. Each purpose has texts of its own, so that the SMS names what it approves. `locales` has templates for single
   * languages (`hi`, `zh-Hant`, `pt-BR`), which an app asks for by `locale`. `hi-IN` falls back to `hi`, and a language
   * without templates to those without a locale.
   */
  smsTemplates: v.optional(exactRecord(purposeSchema, templatesSchema, 'expected templates by purpose'), {
    [defaultPurpose]: { default: sharedRouteTemplateId },
  }),
  /**
   * How long a code works, from 60 to 600, in whole minutes, because the SMS states them. Carriers deliver late; the
   * attempt limits bound the risk, not the time.
   */
  codeLifetimeSeconds: v.optional(
    v.pipe(
      wholeNumber(60, maxCodeLifetimeSeconds),
      v.multipleOf(60, 'expected whole minutes: the SMS states them'),
    ),
    300,
  ),
  /**
   * The last day, such as `2027-01-31`, on which the test numbers of the controls work. Unset, there are none; the synth
   * refuses a day that is over.
   */
  testNumbersUntil: v.optional(
    v.pipe(v.string(), v.regex(dayPattern, 'expected a day such as "2027-01-31"')),
  ),
};
