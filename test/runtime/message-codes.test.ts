import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type MessageCode, messages } from '../../functions/runtime/message-codes.ts';
import { meanings } from '../../functions/runtime/message-meanings.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const codes = Object.keys(messages);

function sources(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /message-(codes|meanings)\.ts$/.test(path) ? [] : [readFileSync(path, 'utf8')];
  });
}

describe('a message code', () => {
  it('stands in the README with its level, meaning and action, and no other does', () => {
    const rows = Object.entries(messages).map(
      ([code, { level, action }]) =>
        `| \`${code}\` | ${level} | ${meanings[code as MessageCode]} | ${action} |`,
    );
    for (const row of rows) expect(readme).toContain(row);
    const named = readme.match(/^\| `[a-z-]+\.[a-z-]+` \|/gm) ?? [];
    expect(named).toHaveLength(rows.length);
  });

  it('is used by the code, each and every one', () => {
    const code = sources(join(root, 'functions')).join('\n');
    for (const name of codes) expect(code, name).toContain(`'${name}'`);
  });
});
