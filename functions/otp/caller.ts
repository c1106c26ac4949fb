/**
 * What a request brings besides the number: the caller's session with the adopter, and the context of what the user
 * approves. For the purposes that the settings name, the code's hash covers both. The code then works only with the same
 * `sub` and the same context, and the token carries them. The table stores neither.
 */
import * as v from 'valibot';
import { exactRecord } from '../settings/exact-record.ts';
import type { Settings } from '../settings/settings.ts';

/** Limit on the context as JSON, with its members sorted. */
const maxContextBytes = 512;

/** The name of one member of the context. Parsing would lose the two names that every JavaScript object inherits. */
export const contextNameSchema = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:constructor|prototype)$)[A-Za-z][A-Za-z0-9_]{0,31}$/,
    'expected a name of letters, digits and _',
  ),
);

const exactNumber =
  'expected a number that JSON carries exactly: up to 9007199254740991; send others as strings';

/** The value of one member of the context: only what every JSON parser reads alike (RFC 7493, sections 2.1 and 2.2). */
export const contextValueSchema = v.union(
  [
    v.pipe(
      v.string(),
      v.check((text) => text.isWellFormed(), 'expected whole Unicode characters'),
    ),
    v.pipe(
      v.number(),
      v.finite(exactNumber),
      v.minValue(Number.MIN_SAFE_INTEGER, exactNumber),
      v.maxValue(Number.MAX_SAFE_INTEGER, exactNumber),
    ),
    v.boolean(),
  ],
  'expected a string, a number or a boolean',
);

/** What the user approves, such as an amount and a payee, as flat JSON. A context that cannot be bound exactly is refused. */
export const contextSchema = v.pipe(
  exactRecord(contextNameSchema, contextValueSchema, 'expected an object of strings, numbers and booleans'),
  v.check(
    (context) => Buffer.byteLength(canonical(context)) <= maxContextBytes,
    `expected at most ${maxContextBytes} bytes as JSON`,
  ),
);

export type Context = Readonly<v.InferOutput<typeof contextSchema>>;

/** The verified caller of one request. */
export interface Caller {
  /** `sub` of the adopter's own session, verified. */
  readonly subject?: string | undefined;
  readonly context?: Context | undefined;
}

/** Whether `purpose` needs a session of the adopter's. */
export function needsSession({ session }: Pick<Settings, 'session'>, purpose: string): boolean {
  return session?.purposes.includes(purpose) ?? false;
}

/**
 * The parts of the caller that the code's hash covers; none where its challenge needs no session. The challenge decides
 * this and not the settings, because these may change before the user types the code.
 */
export function boundParts(challenge: { readonly needsSession: boolean }, caller: Caller): readonly string[] {
  return challenge.needsSession ? callerParts(caller) : [];
}

/** The caller in a canonical form: equal callers give equal parts. */
export function callerParts({ subject, context }: Caller): readonly string[] {
  return [subject === undefined ? '' : `sub ${subject}`, context === undefined ? '' : canonical(context)];
}

/** JSON with its members sorted. */
function canonical(context: Readonly<Record<string, string | number | boolean>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}
