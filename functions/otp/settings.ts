/**
 * The settings of a deployment: one schema, parsed at synth (`lib/`) and again at cold start (`SETTINGS`).
 *
 * It refuses what would make a promise of the README false: a register that cannot hold a limit, three live
 * codes in two slots, a lifetime the SMS cannot state, two purposes that send the same text. It reports every
 * error at once, because an operator who fixes one per deployment gives up.
 */
import * as v from 'valibot';
import { defaultPurpose, type Shape, settingsShape } from './settings-shape.ts';

/** A button that is pressed twice must not send twice. */
const minResendPauseSeconds = 10;

interface Rule {
  readonly member: keyof Shape;
  readonly expected: string;
  readonly holds: (settings: Shape) => boolean;
}

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
    expected: `expected a limit of one send in at least ${minResendPauseSeconds} s: a button pressed twice must not send twice`,
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
