/**
 * The settings of a deployment: one schema, parsed at synth (`lib/`) and again at cold start (`SETTINGS`).
 *
 * It refuses what would make a promise of the README false: a register that cannot hold a limit, three live
 * codes in two slots, a lifetime the SMS cannot state, two purposes that send the same text. It reports every
 * error at once, because an operator who fixes one per deployment gives up.
 */
import * as v from 'valibot';
import { gsm7Pattern } from './gsm-7.ts';

/** Requests without a purpose are for this one; it is always configured. */
export const defaultPurpose = 'sign-in';

/** StartMessaging's shared DLT-free template; the adopter confirms it in the dashboard. */
export const sharedRouteTemplateId = '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d';

/** The longest register an item holds: `sent0 … sent19`, `tried0 … tried19`. */
export const maxLimitCount = 20;

const daySeconds = 86_400;
const maxWindowSeconds = 7 * daySeconds;
const minResendPauseSeconds = 10;

const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.number(`expected a whole number from ${min} to ${max}`),
    v.integer(`expected a whole number from ${min} to ${max}`),
    v.minValue(min, `expected at least ${min}`),
    v.maxValue(max, `expected at most ${max}`),
  );

const purpose = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][a-z0-9-]{0,31}$/,
    'expected a purpose such as "sign-in": a-z, 0-9 and -, at most 32 characters',
  ),
);

const templateId = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'expected the UUID of a StartMessaging template, in lower case',
  ),
);

const templates = v.strictObject({
  default: templateId,
  android: v.optional(templateId),
  ios: v.optional(templateId),
  web: v.optional(templateId),
});

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

const settingsShape = v.strictObject({
  appName,
  audience: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')),
  smsTemplates: v.optional(v.record(purpose, templates), {
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
    v.pipe(wholeNumber(60, 600), v.multipleOf(60, 'expected whole minutes: the SMS states them')),
    300,
  ),
  sendsPerIpv4Address: v.optional(wholeNumber(1, 1_000_000), 200),
  sendsPerIpv6Prefix: v.optional(wholeNumber(1, 1_000_000), 20),
  sendsPerDay: v.optional(wholeNumber(1, 100_000_000), 10_000),
  tokenLifetimeSeconds: v.optional(wholeNumber(60, daySeconds), 3600),
  tokenLifetimeSecondsByPurpose: v.optional(v.record(purpose, wholeNumber(60, daySeconds)), {}),
  phoneNumberClaim: v.optional(v.boolean(), true),
});

interface Rule {
  readonly member: keyof Shape;
  readonly expected: string;
  readonly holds: (settings: Shape) => boolean;
}

type Shape = v.InferOutput<typeof settingsShape>;

/** The most sends that `limits` admit while one code lives: a code expires at its last second, not after it. */
function sendsWithinOneLifetime({ sendLimits, codeLifetimeSeconds }: Shape): number {
  return Math.min(...sendLimits.map((l) => l.count * Math.ceil(codeLifetimeSeconds / l.windowSeconds)));
}

function everyPurposeHasItsOwnTemplates({ smsTemplates }: Shape): boolean {
  const perPurpose = Object.values(smsTemplates).map((t) => new Set(Object.values(t)));
  const all = perPurpose.flatMap((ids) => [...ids]);
  return new Set(all).size === all.length;
}

const rules: readonly Rule[] = [
  {
    member: 'sendLimits',
    expected: `expected a limit of one send in at least ${minResendPauseSeconds} s: two sends in one second would share a slot's time`,
    holds: (s) => s.sendLimits.some((l) => l.count === 1 && l.windowSeconds >= minResendPauseSeconds),
  },
  {
    member: 'sendLimits',
    expected: 'expected at most two sends within codeLifetimeSeconds: an item has two slots for live codes',
    holds: (s) => sendsWithinOneLifetime(s) <= 2,
  },
  {
    member: 'smsTemplates',
    expected: `expected templates for "${defaultPurpose}"`,
    holds: (s) => Object.hasOwn(s.smsTemplates, defaultPurpose),
  },
  {
    member: 'smsTemplates',
    expected: 'expected every purpose to have templates of its own, so that the SMS names what it approves',
    holds: everyPurposeHasItsOwnTemplates,
  },
  {
    member: 'tokenLifetimeSecondsByPurpose',
    expected: 'expected only purposes that smsTemplates configures',
    holds: (s) => Object.keys(s.tokenLifetimeSecondsByPurpose).every((p) => Object.hasOwn(s.smsTemplates, p)),
  },
];

/** The schema of the settings. Input: {@link SettingsInput}. Output: {@link Settings}, every default filled in. */
export const settingsSchema = v.pipe(
  settingsShape,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    for (const { member, expected, holds } of rules) {
      if (holds(input)) continue;
      const path = { type: 'object', origin: 'value', input, key: member, value: input[member] } as const;
      addIssue({ message: expected, path: [path] });
    }
  }),
  v.readonly(),
);

/** What an adopter writes: everything but `appName` and `audience` has a default. */
export type SettingsInput = v.InferInput<typeof settingsSchema>;

/** The settings with every default filled in. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/** "At most `count` in `windowSeconds`". */
export interface Limit {
  readonly count: number;
  readonly windowSeconds: number;
}

/**
 * Parses settings, or throws a `TypeError` that lists each wrong setting with what was given and what is allowed.
 * Nothing in the settings is secret, so the values may be shown.
 */
export function parseSettings(input: unknown): Settings {
  const result = v.safeParse(settingsSchema, input);
  if (result.success) return result.output;
  const lines = result.issues.map((issue) => {
    const given = JSON.stringify(issue.path?.at(-1)?.value ?? issue.input) ?? 'nothing';
    return `  ${v.getDotPath(issue) ?? 'settings'}: ${issue.message} (given: ${given})`;
  });
  throw new TypeError(`The settings are not valid:\n${lines.join('\n')}`);
}
