/** `npm start` as a person meets it: its output, its errors, and what it leaves behind. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
let directory: string;
let started: ChildProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-start-'));
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await Promise.all(
    started.map((child) => child.exitCode ?? child.signalCode ?? new Promise((r) => child.once('exit', r))),
  );
  rmSync(directory, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly output: string;
  /** What it has printed by now, each call that it answered among it. */
  readonly printed: () => string;
  readonly isRunning: boolean;
}

/** Starts it and waits until it runs or has ended. */
function start(...options: string[]): Promise<Started> {
  const child = spawn(
    process.execPath,
    [join(root, 'local/start.ts'), '--directory', directory, ...options],
    { cwd: root },
  );
  started.push(child);
  let output = '';
  const printed = (): string => output;
  return new Promise((resolve) => {
    const onText = (chunk: Buffer): void => {
      output += chunk;
      if (output.includes('Ctrl-C stops it')) resolve({ child, output, printed, isRunning: true });
    };
    child.stdout?.on('data', onText);
    child.stderr?.on('data', onText);
    child.once('close', () => resolve({ child, output, printed, isRunning: false }));
  });
}

const free = ['--page-port', '0', '--port', '0', '--inbox-port', '0'];

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** The processes whose command line names our directory: the table server, and whatever else should be gone. */
async function leftovers(): Promise<readonly string[]> {
  const { stdout } = await run('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(directory) && !line.includes('ps -eo'));
}

/** The states of our workers, as `ps` shows them. */
async function workerStates(): Promise<readonly string[]> {
  const { stdout } = await run('ps', ['-eo', 'stat,args']);
  const workers = stdout
    .split('\n')
    .filter((line) => line.includes('worker.cjs') && line.includes(directory));
  return workers.map((line) => line.trim().slice(0, 1));
}

async function nothingIsLeft(): Promise<void> {
  await expect.poll(leftovers, { timeout: 10_000, interval: 50 }).toEqual([]);
}

/** Runs the two printed lines in a shell. */
async function paste({ output, printed }: Started): Promise<{ asked: string; typed: string }> {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('  answer=') || line.startsWith('  curl '));
  const { stdout, stderr } = await run('sh', ['-c', lines.join('\n')]);
  const [asked = '', typed = ''] = stdout.split('\n');
  expect({ asked, typed }, `${stderr}\n${printed()}`).not.toMatchObject({ asked: '' });
  return { asked, typed };
}

describe('npm start', () => {
  it('prints two lines that sign in as they are, survives a kill -9, keeps its state, and stops cleanly', {
    timeout: 120_000,
  }, async () => {
    const first = await start(...free);
    const { asked, typed } = await paste(first);
    expect(JSON.parse(asked)).toMatchObject({ delivery: 'accepted' });
    expect(JSON.parse(typed)).toMatchObject({ tokenType: 'Bearer' });
    const keys = readFileSync(join(directory, 'secrets.json'), 'utf8');
    // Without an invocation every worker stands still; the runner's end must find them all the same.
    await expect.poll(workerStates).toEqual(expect.arrayContaining(['T']));
    await expect.poll(async () => new Set(await workerStates())).toEqual(new Set(['T']));

    first.child.kill('SIGKILL');
    await ended(first.child);
    await nothingIsLeft();

    const second = await start(...free);
    expect(second.isRunning).toBe(true);
    expect(second.output).not.toContain('signing key');
    expect(readFileSync(join(directory, 'secrets.json'), 'utf8')).toBe(keys);
    const again = await paste(second);
    // The first send is remembered: the second one waits for it, or, on a machine that took half a minute to start again,
    // has the longer wait that a second send in five minutes has.
    const { type, resendAfterSeconds = 0 } = JSON.parse(again.asked);
    expect(type === 'urn:doorcode:too-many-requests' || resendAfterSeconds > 30).toBe(true);

    second.child.kill('SIGINT');
    expect(await ended(second.child)).toBe(0);
    await nothingIsLeft();

    const third = await start(...free, '--reset');
    expect(third.output).toContain('signing key');
    expect(JSON.parse((await paste(third)).typed)).toMatchObject({ tokenType: 'Bearer' });
    third.child.kill('SIGTERM');
    expect(await ended(third.child)).toBe(0);
  });

  it.each(['… synthesising', '… starting the table', '… creating the first signing key'])(
    'ends at Ctrl-C before it runs, with a sentence and 130, and leaves nothing: at %j',
    { timeout: 60_000 },
    async (step) => {
      const child = spawn(
        process.execPath,
        [join(root, 'local/start.ts'), '--directory', directory, ...free],
        // A process group of its own, so that Ctrl-C can be played as a terminal does it.
        { cwd: root, detached: true },
      );
      started.push(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk;
        });
      await expect.poll(() => output, { timeout: 30_000, interval: 5 }).toContain(step);
      process.kill(-(child.pid ?? 0), 'SIGINT');
      expect([await ended(child), output]).toEqual([
        130,
        expect.stringContaining('Interrupted before it ran.'),
      ]);
      expect(output).not.toMatch(/\n {4}at |Error:/);
      await nothingIsLeft();
    },
  );

  it('says in one line what to do about a second start on the same data', { timeout: 60_000 }, async () => {
    const first = await start(...free);
    const second = await start(...free);
    expect(second.isRunning).toBe(false);
    expect(second.output.trim().split('\n')).toEqual([expect.stringContaining('--directory')]);
    first.child.kill('SIGTERM');
    expect(await ended(first.child)).toBe(0);
  });

  it('says in one line what to do about a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { output, isRunning } = await start(
      '--page-port',
      '0',
      '--port',
      String(port),
      '--inbox-port',
      '0',
    );
    server.close();
    expect(isRunning).toBe(false);
    expect(output.trim()).toBe(`Port ${port} is taken. Choose another: npm start -- --port ${port + 100}`);
    await nothingIsLeft();
  });

  it.each([
    [['--port', 'http'], '--port: expected a whole number'],
    [['--colour'], "Unknown option '--colour'"],
    [['--help'], '--inbox-port N'],
  ])('answers %j with what is allowed', async (options, expected) => {
    const { output } = await start(...options);
    expect(output).toContain(expected);
  });
});

describe('the check of the Node version', () => {
  it('is silent on a new one and says what to do on an old one', async () => {
    const script = join(root, 'local/node-version.js');
    expect((await run(process.execPath, [script])).stdout).toBe('');
    const old = "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });";
    const source = `${old}${readFileSync(script, 'utf8')}`;
    await expect(run(process.execPath, ['-e', source])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Node 24'),
    });
  });
});
