/** Whoever starts a table server takes it along, however they end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const starter = join(root, 'test-kit/test-table.ts');
let directory: string;
let children: ChildProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-end-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

function node(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<unknown> } {
  const child = spawn(process.execPath, args, { cwd: directory, stdio: 'ignore' });
  children.push(child);
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

/** Where the table server listens that was noted in the file. */
function noted(): string {
  return readFileSync(join(directory, 'endpoint'), 'utf8');
}

async function isGone(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

const start = `
  import { writeFileSync, renameSync } from 'node:fs';
  import { startTestTable } from ${JSON.stringify(starter)};
  const { endpoint } = await startTestTable();
  writeFileSync('endpoint.new', endpoint);
  renameSync('endpoint.new', 'endpoint');`;

describe('a table server', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('ends with a runner that ends by %s', async (signal) => {
    writeFileSync(join(directory, 'runner.mjs'), `${start}\n  setInterval(() => undefined, 1000);`);
    const { child, ended } = node('runner.mjs');
    await expect.poll(noted, { timeout: 20_000 }).toMatch(/^http/);
    expect(await isGone(noted())).toBe(false);
    child.kill(signal);
    await ended;
    await expect.poll(() => isGone(noted()), { timeout: 10_000 }).toBe(true);
  });

  it('ends with a run of tests that stops at the first failure', async () => {
    writeFileSync(
      join(directory, 'failing.test.mjs'),
      `${start}
  it('fails', () => expect(1).toBe(2));
  it('would have gone on', () => new Promise(() => undefined));`,
    );
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const { ended } = node(vitest, 'run', '--bail=1', '--root', directory, '--globals');
    await ended;
    expect(noted()).toMatch(/^http/);
    await expect.poll(() => isGone(noted()), { timeout: 10_000 }).toBe(true);
  });
});
