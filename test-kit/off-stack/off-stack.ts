/**
 * What a deployment without sessions is: its template, its rights, and what each flow calls and leaves in the table.
 * `npm run off-stack` keeps it in `kept.json` together with the commit it was taken from, and
 * `test/stack/off-stack.test.ts` compares every later deployment with it. So nothing of sessions can come into a
 * deployment that has switched them off. Whoever changes such a deployment on purpose takes it again, in a commit that
 * shows the difference and nothing else.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';

/** The settings of a deployment without sessions, over the defaults. */
export const withoutSessions: Partial<DoorcodeStackProps> = { sessions: 'off' };

/** Where it is kept. */
export const keptFile = join(import.meta.dirname, 'kept.json');

const lines = v.array(v.string());

const keptSchema = v.strictObject({
  /** The commit that it was taken from. */
  commit: v.pipe(v.string(), v.hexadecimal(), v.length(40)),
  /** Resources and outputs by their logical ids. */
  template: v.record(v.string(), v.unknown()),
  /** Each right, as `holder: what it allows`. */
  rights: lines,
  /** Each flow: its status, then its calls of the table, such as `verify-otp UpdateItem phone`. */
  calls: v.record(v.string(), lines),
  /** Each kind of item: the names of all attributes that it had after the flows. */
  attributes: v.record(v.string(), lines),
});

/** A deployment without sessions, and the commit it was taken from. */
export type OffStack = v.InferOutput<typeof keptSchema>;

/** Reads what was kept. */
export function keptOffStack(): OffStack {
  return v.parse(keptSchema, JSON.parse(readFileSync(keptFile, 'utf8')));
}

/** Writes it with one entry a line, so that a difference shows which resource, right or flow it is in. */
export function writtenOffStack(stack: OffStack): string {
  const members = Object.entries(stack).map(([name, value]) => `  "${name}": ${written(value)}`);
  return `{\n${members.join(',\n')}\n}\n`;
}

function written(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value))
    return `[\n${value.map((line) => `    ${JSON.stringify(line)}`).join(',\n')}\n  ]`;
  const entries = Object.entries(Object(value)).map(
    ([k, x]) => `    ${JSON.stringify(k)}: ${JSON.stringify(x)}`,
  );
  return `{\n${entries.join(',\n')}\n  }`;
}
