import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messages } from '../../functions/runtime/message-codes.ts';

const root = join(import.meta.dirname, '../..');
const codes = Object.keys(messages);

function sources(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /message-(codes|meanings)\.ts$|-messages\.ts$/.test(path) ? [] : [readFileSync(path, 'utf8')];
  });
}

describe('a message code', () => {
  it('is used by the code, each and every one', () => {
    const code = sources(join(root, 'functions')).join('\n');
    for (const name of codes) expect(code, name).toContain(`'${name}'`);
  });
});
