/**
 * `docs/settings.md`, written from the settings themselves: the default from the schema, the text from the doc comment of
 * the member. So a default is stated once, beside the reason for it, and an editor shows the same text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Limit, limitEntries, throttleEntries } from '../../functions/limits/limits.ts';
import { foreignEntries } from '../../functions/settings/foreign-settings.ts';
import { sessionEntries } from '../../functions/settings/session-settings.ts';
import { smsEntries } from '../../functions/settings/sms-settings.ts';
import { tokenEntries } from '../../functions/settings/token-settings.ts';
import { accessEntries } from '../../lib/settings/access-settings.ts';
import { addressEntries } from '../../lib/settings/address-settings.ts';
import { operationEntries } from '../../lib/settings/operation-settings.ts';
import { smsTextEntries } from '../../lib/sms-texts.ts';

const root = join(import.meta.dirname, '../..');

interface Topic {
  readonly title: string;
  /** The file whose doc comments are the page's texts, from the root of the repository. */
  readonly file: string;
  readonly entries: Readonly<Record<string, v.GenericSchema>>;
}

const topics: readonly Topic[] = [
  { title: 'The SMS', file: 'functions/settings/sms-settings.ts', entries: smsEntries },
  { title: 'Texts of the SMS', file: 'lib/sms-texts.ts', entries: smsTextEntries },
  { title: 'Limits', file: 'functions/limits/limits.ts', entries: { ...limitEntries, ...throttleEntries } },
  { title: 'Tokens', file: 'functions/settings/token-settings.ts', entries: tokenEntries },
  { title: 'Sessions', file: 'functions/settings/session-settings.ts', entries: sessionEntries },
  {
    title: 'Your own sessions, and attestations',
    file: 'functions/settings/foreign-settings.ts',
    entries: foreignEntries,
  },
  { title: 'Domain and web pages', file: 'lib/settings/address-settings.ts', entries: addressEntries },
  { title: 'Roles and secrets', file: 'lib/settings/access-settings.ts', entries: accessEntries },
  { title: 'Operation', file: 'lib/settings/operation-settings.ts', entries: operationEntries },
];

/** The text of the page. Throws where a setting has no doc comment. */
export function settingsPage(): string {
  return `# Settings

For whoever sets up a stage in \`bin/app.ts\`. Every setting is a property of the stack. \`npm run docs\` writes this page
from the code, so change it there.

The synth checks the settings, and each function checks them again when it starts. An error names every mistake at once.

${topics.map(section).join('\n')}`;
}

function section({ title, file, entries }: Topic): string {
  const comments = commentsIn(readFileSync(join(root, file), 'utf8'));
  const rows = Object.entries(entries).map(([name, schema]) => {
    const comment = comments.get(name);
    if (comment === undefined) throw new Error(`${file}: ${name} has no doc comment`);
    return `| \`${name}\` | ${defaultOf(name, schema)} | ${comment} |\n`;
  });
  return `## ${title}

Defined in [\`${file}\`](../${file}).

| setting | default | what it does, and why |
|---|---|---|
${rows.join('')}`;
}

/** The doc comments of the members of a file's lists, by the member's name; each in one line. */
function commentsIn(source: string): ReadonlyMap<string, string> {
  const documented = /^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}(\w+):/gm;
  return new Map(
    [...source.matchAll(documented)].map(([, comment = '', name = '']) => {
      const text = comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim();
      return [name, text.replaceAll('|', '\\|')];
    }),
  );
}

function defaultOf(name: string, schema: v.GenericSchema): string {
  if (schema.type !== 'optional') return '**required**';
  const value = v.parse(schema, undefined);
  return value === undefined ? 'none' : inWords(name, value);
}

/** A default as people write it. */
function inWords(name: string, value: unknown): string {
  if (isLimits(value))
    return value.map((limit) => `${limit.count} in ${span(limit.windowSeconds)}`).join(', ');
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (typeof value === 'number') return value.toLocaleString('en-US') + unitOf(name);
  if (typeof value !== 'object' || value === null) return `\`${value}\``;
  const members = Object.entries(value).map(([member, of]) => `${member} ${inWords(member, of)}`);
  return members.length === 0 ? 'none' : members.join(', ');
}

function isLimits(value: unknown): value is readonly Limit[] {
  return Array.isArray(value) && value.length > 0 && value.every((limit) => 'windowSeconds' in limit);
}

/** `30 s`, `5 min`, `24 h`. */
function span(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** The unit that the name ends in, or the empty text where it counts things. */
function unitOf(name: string): string {
  if (name.endsWith('Seconds')) return ' s';
  if (name.endsWith('Days')) return ' days';
  return name.endsWith('Percent') ? ' %' : '';
}
