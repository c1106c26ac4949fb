/**
 * The members of the settings, one by one: what each may be, and its default. What they must be together stands in
 * `settings.ts`.
 */
import * as v from 'valibot';
import { abuseEntries } from './abuse-settings.ts';
import { exactRecord } from './exact-record.ts';
import { maxCodeLifetimeSeconds } from './fixed-numbers.ts';
import { foreignEntries } from './foreign-settings.ts';
import { gsm7Pattern } from './gsm-7.ts';
import { templatesSchema } from './sms-templates.ts';
import { wholeNumber } from './whole-number.ts';

/** Requests without a purpose are for this one; it is always configured. */
export const defaultPurpose = 'sign-in';

/** StartMessaging's shared DLT-free template; the adopter confirms it in the dashboard. */
const sharedRouteTemplateId = '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d';

/** The longest register an item holds: `sent0 … sent19`, `tried0 … tried19`. */
export const maxLimitCount = 20;

const daySeconds = 86_400;
const maxWindowSeconds = 7 * daySeconds;

export const purposeSchema = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:constructor|prototype)$)[a-z][a-z0-9-]{0,31}$/,
    'expected a purpose such as "sign-in": a-z, 0-9 and -, at most 32 characters',
  ),
);

const limit = v.strictObject({
  count: wholeNumber(1, maxLimitCount),
  windowSeconds: wholeNumber(1, maxWindowSeconds),
});

const limits = v.pipe(
  v.array(limit),
  v.minLength(1, 'expected at least one limit'),
  v.maxLength(10),
  v.readonly(),
);

const appName = v.pipe(
  v.string(),
  v.regex(/^\S(.*\S)?$/, 'expected a name without spaces around it'),
  v.regex(gsm7Pattern, 'expected characters of the GSM 7-bit alphabet only'),
  v.maxLength(30, 'expected at most 30 characters'),
  v.regex(/^(?!.*(:\/\/|www\.|\.[a-z]{2,}\b)).*$/i, 'expected a name, not a URL: carriers drop such an SMS'),
  v.regex(/^(?!.*\d{4})/, 'expected no run of four or more digits: phones would take it for the code'),
);

/** The shape of the settings; every member but the first two has a default. */
export const settingsShape = v.strictObject({
  appName,
  audience: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')),
  smsTemplates: v.optional(exactRecord(purposeSchema, templatesSchema, 'expected templates by purpose'), {
    [defaultPurpose]: { default: sharedRouteTemplateId },
  }),
  sendLimits: v.optional(limits, [
    { count: 1, windowSeconds: 30 },
    { count: 2, windowSeconds: 300 },
    { count: 3, windowSeconds: 600 },
    { count: 5, windowSeconds: 3600 },
    { count: 10, windowSeconds: daySeconds },
  ]),
  attemptLimits: v.optional(limits, [
    { count: 5, windowSeconds: 600 },
    { count: 10, windowSeconds: 3600 },
    { count: 20, windowSeconds: daySeconds },
  ]),
  codeLifetimeSeconds: v.optional(
    v.pipe(
      wholeNumber(60, maxCodeLifetimeSeconds),
      v.multipleOf(60, 'expected whole minutes: the SMS states them'),
    ),
    300,
  ),
  sendsPerIpv4Address: v.optional(wholeNumber(1, 1_000_000), 200),
  sendsPerIpv6Prefix: v.optional(wholeNumber(1, 1_000_000), 20),
  sendsPerDay: v.optional(wholeNumber(1, 100_000_000), 10_000),
  tokenLifetimeSeconds: v.optional(wholeNumber(60, daySeconds), 3600),
  tokenLifetimeSecondsByPurpose: v.optional(
    exactRecord(purposeSchema, wholeNumber(60, daySeconds), 'expected lifetimes by purpose'),
    {},
  ),
  phoneNumberClaim: v.optional(v.boolean(), true),
  ...abuseEntries,
  ...foreignEntries,
});

/** Settings whose members are right one by one. */
export type Shape = v.InferOutput<typeof settingsShape>;
