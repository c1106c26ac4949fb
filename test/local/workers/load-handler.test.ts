/** Which file Lambda's runtime takes for a handler. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { loadHandler } = createRequire(import.meta.url)('../../../local/workers/load-handler.cjs');
const commonJs = (name: string): string => `exports.handler = async () => '${name}';`;
const esModule = (name: string): string =>
  `await new Promise((resolve) => setTimeout(resolve, 5));\nexport const handler = async () => '${name}';`;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-handler-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function loaded(files: Readonly<Record<string, string>>): Promise<unknown> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const handler = await loadHandler(directory, 'index.handler');
  return handler();
}

describe('a handler', () => {
  it('is what an ES module exports after what it awaits', async () => {
    expect(await loaded({ 'index.mjs': esModule('mjs') })).toBe('mjs');
  });

  it('of an index.js beside an index.mjs wins', async () => {
    const files = { 'index.js': commonJs('js'), 'index.mjs': esModule('mjs') };
    expect(await loaded(files)).toBe('js');
  });

  it('of an index.js is an ES module where a package.json beside it says so', async () => {
    const files = { 'index.js': esModule('js'), 'package.json': '{"type":"module"}' };
    expect(await loaded(files)).toBe('js');
  });

  it('of an index.mjs wins over an index.cjs, and that one serves alone', async () => {
    const files = { 'index.cjs': commonJs('cjs'), 'index.mjs': esModule('mjs') };
    expect(await loaded(files)).toBe('mjs');
    rmSync(join(directory, 'index.mjs'));
    expect(await loaded({ 'index.cjs': commonJs('cjs') })).toBe('cjs');
  });

  it('that is nowhere fails', async () => {
    await expect(loaded({})).rejects.toThrow('no index');
  });
});
