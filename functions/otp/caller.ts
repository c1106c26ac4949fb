/**
 * What a request brings along besides the number: the caller's own session with the adopter, and the context of what
 * is approved. For the purposes that the settings name, both are bound into the code's hash: the code works only with
 * the same `sub` and the same context, and the token carries them. Nothing of either is stored.
 */
import * as v from 'valibot';
import { exactRecord } from '../settings/exact-record.ts';
import type { Settings } from '../settings/settings.ts';

/** Of the context as JSON, members sorted. */
const maxContextBytes = 512;

/** The name of one thing that is approved. The two that JavaScript's objects know would be lost on the way. */
export const contextNameSchema = v.pipe(
  v.string(),
  v.regex(
    /^(?!(?:constructor|prototype)$)[A-Za-z][A-Za-z0-9_]{0,31}$/,
    'expected a name of letters, digits and _',
  ),
);

const exactNumber =
  'expected a number that JSON carries exactly: up to 9007199254740991; send others as strings';

/** What it is: what every reader of JSON reads alike (RFC 7493, sections 2.1 and 2.2). */
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

/** Flat JSON: what is approved, such as an amount and a payee. Bound is what was shown, or the request is refused. */
export const contextSchema = v.pipe(
  exactRecord(contextNameSchema, contextValueSchema, 'expected an object of strings, numbers and booleans'),
  v.check(
    (context) => Buffer.byteLength(canonical(context)) <= maxContextBytes,
    `expected at most ${maxContextBytes} bytes as JSON`,
  ),
);

export type Context = Readonly<v.InferOutput<typeof contextSchema>>;

/** The caller of one request, as far as it was checked. */
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
 * What of the caller a code is bound to, as parts of its hash; nothing where its challenge needs no session. The
 * challenge says so, not the settings: they may be others by the time the code is typed in.
 */
export function boundParts(challenge: { readonly needsSession: boolean }, caller: Caller): readonly string[] {
  return challenge.needsSession ? callerParts(caller) : [];
}

/** The caller in a spelling of its own: equal callers give equal parts. */
export function callerParts({ subject, context }: Caller): readonly string[] {
  return [subject === undefined ? '' : `sub ${subject}`, context === undefined ? '' : canonical(context)];
}

/** JSON with its members in one order, whatever order they came in. */
function canonical(context: Readonly<Record<string, string | number | boolean>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}
