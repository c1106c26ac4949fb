/** `npm run doctor` as a person or a pipeline runs it: its exit status, its JSON, its policy, and what it never shows. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../doctor/checks.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { type Ran, runCommand } from '../support/run-command.ts';

let directory: string;
let stack: LocalStack;
/** Everything that the command has printed. */
let printed = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-doctor-'));
  stack = await startLocalStack({ directory, workers: 1 });
});
afterEach(() => stack.alterAnswers());
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function doctor(...parameters: readonly string[]): Promise<Ran> {
  const ran = await runCommand('doctor', { directory }, parameters);
  printed += ran.stdout + ran.stderr;
  return ran;
}

const unprotect = (): void =>
  stack.alterAnswers(({ action }, answer) =>
    action === 'DescribeTable'
      ? { Table: { ...Object(answer).Table, DeletionProtectionEnabled: false } }
      : answer,
  );

describe('npm run doctor', () => {
  it('ends with 0 and a line for each check where all is well', async () => {
    const { status, stdout, stderr } = await doctor('--yes');
    expect([status, stdout.match(/^ok /gm)?.length]).toEqual([0, checks.length]);
    expect(stdout).toContain(`${checks.length} ok, 0 wrong, 0 cannot be told.`);
    expect(stderr).toMatch(/^… reading the stack\n… calling http/);
  });

  it('in a pipeline does nothing that nobody agreed to, and ends with 3', async () => {
    const { status, stdout } = await doctor();
    expect([status, stdout.match(/^\? .*cannot be told: .*add --yes$/gm)?.length]).toEqual([3, 3]);
  });

  it('leaves out what does more than read on request, and ends with 0', async () => {
    const { status, stdout } = await doctor('--read-only');
    expect([status, stdout.includes('secret reads')]).toEqual([0, false]);
  });

  it('ends with 2 where something is wrong, the mend last on the screen', async () => {
    unprotect();
    const { status, stdout } = await doctor('--read-only');
    expect(status).toBe(2);
    expect(stdout.trimEnd().split('\n').at(-3)).toMatch(
      /^WRONG +table +Deletion protection is off, .* Mend: aws dynamodb update-table/,
    );
  });

  it('prints JSON with the same findings and the status', async () => {
    unprotect();
    const { status, stdout } = await doctor('--read-only', '--json');
    const { findings, ...about } = JSON.parse(stdout);
    expect([status, about]).toEqual([
      2,
      { stack: 'Doorcode', region: 'ap-south-1', account: '000000000000', status: 2 },
    ]);
    expect(findings.filter(({ tag }: { tag: string }) => tag === 'wrong')).toEqual([
      { check: 'table', tag: 'wrong', text: expect.any(String), mend: expect.any(String) },
    ]);
  });

  it('prints the policy of its reader, and checks nothing', async () => {
    const { status, stdout } = await doctor('--policy', '--read-only');
    const { Version, Statement } = JSON.parse(stdout);
    expect([status, Version]).toEqual([0, '2012-10-17']);
    expect(Statement.flatMap(({ Action }: { Action: string[] }) => Action)).toContain(
      'dynamodb:DescribeTable',
    );
  });

  it.each([[['--colour']], [['status']]])('answers %j with its usage and 1', async (parameters) => {
    const { status, stderr } = await doctor(...parameters);
    expect([status, stderr]).toEqual([1, expect.stringContaining('Exit status: 0 all ok')]);
  });

  it('ends with 1 where no local stack runs', async () => {
    expect(await doctor('--directory', join(directory, 'nowhere'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm start'),
    });
  });

  it('ends with 130 at Ctrl-C, with one sentence', async () => {
    stack.alterAnswers(({ action }, answer) => (action === 'FilterLogEvents' ? { events: [] } : answer));
    const script = join(import.meta.dirname, '../../bin/doctor.ts');
    const child = spawn(process.execPath, [script, '--local', '--directory', directory, '--read-only']);
    let stderr = '';
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
      // It waits for lines that never come.
      if (stderr.includes('… logs')) child.kill('SIGINT');
    });
    expect(await ended).toBe(130);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'Interrupted. Nothing was changed but what you agreed to.',
    );
  });

  it('never shows a key, a secret or a variable’s value', () => {
    const secrets = readFileSync(join(directory, 'secrets.json'), 'utf8');
    const values = [...secrets.matchAll(/"value":"((?:[^"\\]|\\.)*)"/g)].map(([, value = '']) => value);
    const long = values.filter((value) => value.length > 20);
    expect(long.length).toBeGreaterThan(3);
    for (const value of long) expect(printed).not.toContain(value);
  });
});
