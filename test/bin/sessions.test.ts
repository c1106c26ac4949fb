/** `npm run sessions`, as support runs it against the local stack. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber } from '../../test-kit/sign-in.ts';
import { type Ran, runCommand } from '../support/run-command.ts';

let directory: string;
let stack: LocalStack;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-sessions-'));
  stack = await startLocalStack({ directory, workers: 1 });
});
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

const sessions = (input: string, ...parameters: readonly string[]): Promise<Ran> =>
  runCommand('sessions', { directory, input }, parameters);

/** Signs in, and gives the refresh token of the new session. */
async function signIn(phoneNumber: string): Promise<string> {
  const { json } = await ask(stack, phoneNumber);
  const body = { requestId: json.requestId, code: codeFor(stack, phoneNumber), session: {} };
  const verified = await call(`${stack.apiUrl}/auth/verify-otp`, { body });
  expect(verified.json.refreshToken).toMatch(/^[A-Za-z0-9_-]{96}$/);
  return verified.json.refreshToken;
}

function refresh(token: string): Promise<Reply> {
  return call(`${stack.apiUrl}/auth/token`, {
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

describe('sessions end', () => {
  it('ends every session of the number, and of no other', async () => {
    const [number, other] = [freshNumber(), freshNumber()];
    const [own, others] = [await signIn(number), await signIn(other)];
    const { status, stdout, stderr } = await sessions(`${number}\n`, 'end', '--yes');
    expect([status, stdout]).toEqual([0, `Ended 1 session of +91******${number.slice(-4)}.\n`]);
    expect(stderr).toContain('Ending the sessions of');
    expect((await refresh(own)).json.error).toBe('invalid_grant');
    expect((await refresh(others)).status).toBe(200);
    expect((await sessions(number, 'end', '--yes')).stdout).toContain('has no session');
  });

  it('asks first, and does nothing without a yes', async () => {
    const number = freshNumber();
    const token = await signIn(number);
    const { status, stderr } = await sessions(number, 'end');
    expect(status).toBe(1);
    expect(stderr).toContain('On each of its devices the app asks for a code again.');
    expect(stderr).toContain('Nothing was done.');
    expect((await refresh(token)).status).toBe(200);
  });

  it.each([
    '',
    '9876543210',
    '+919876',
    '+91 98765 43210',
    '+919876543210 ',
    '+449876543210',
    '+911234567890',
  ])('does nothing for %j', async (typed) => {
    const invoked = stack.logLines.length;
    const { status, stdout, stderr } = await sessions(typed, 'end', '--yes');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Nothing was done: expected +91');
    expect(stack.logLines.slice(invoked).filter((line) => line.function === 'session')).toEqual([]);
  });

  it('shows the number nowhere: not on the screen, not in the log', async () => {
    const number = freshNumber();
    await signIn(number);
    const from = stack.logLines.length;
    const { stdout, stderr } = await sessions(number, 'end', '--yes');
    const logged = stack.logLines.slice(from).map(({ line }) => line);
    expect(logged.join()).toContain('session.ended-by-operator');
    expect(stdout + stderr + logged.join()).not.toContain(number.slice(3, 9));
  });

  it('says that it failed where the table does not answer, and works when it is run again', async () => {
    const number = freshNumber();
    const token = await signIn(number);
    stack.faults.add({ service: 'dynamodb', function: 'session', keyPrefix: 'sessions', mode: 'refuse' });
    const failed = await sessions(number, 'end', '--yes');
    stack.faults.clear();
    expect([failed.status, failed.stdout]).toEqual([1, '']);
    expect(failed.stderr).toContain('Run the command again.');
    expect((await refresh(token)).status).toBe(200);
    expect((await sessions(number, 'end', '--yes')).stdout).toContain('Ended 1 session');
  });

  it('reads no secret, and invokes one function', async () => {
    const from = stack.awsCalls.length;
    await sessions(freshNumber(), 'end', '--yes');
    expect(stack.awsCalls.slice(from).filter((made) => made.function === 'operator')).toEqual([]);
  });

  it('says where there are no sessions', async () => {
    await stack.update({ settings: { sessions: 'off' } });
    const { status, stderr } = await sessions(freshNumber(), 'end', '--yes');
    await stack.update();
    expect([status, stderr]).toEqual([1, expect.stringContaining('This deployment has no sessions')]);
  });
});

describe('npm run sessions', () => {
  it.each([[[]], [['status']], [['end', '+919876543210']], [['--colour', 'end']]])(
    'answers %j with its usage',
    async (parameters) => {
      const { status, stderr } = await sessions('', ...parameters);
      expect([status, stderr]).toEqual([1, expect.stringContaining('ends every session of a number')]);
    },
  );
});
