/** The security team's command, as a person runs it against the local stack: what it says, does, and never shows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { freshProviderKey, storeCandidate, storeProviderKey } from '../../test-kit/provider-key.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { type Ran, runCommand } from '../support/run-command.ts';

let directory: string;
let stack: LocalStack;
/** Everything that the command has printed. */
let printed = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-keys-'));
  stack = await startLocalStack({ directory, workers: 1, storesProviderKey: false });
});
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

const keys = (...parameters: readonly string[]): Promise<Ran> => keysWith('', ...parameters);

async function keysWith(input: string, ...parameters: readonly string[]): Promise<Ran> {
  const ran = await runCommand('keys', { directory, input }, parameters);
  printed += ran.stdout + ran.stderr;
  return ran;
}

const kids = async (): Promise<readonly string[]> =>
  (await call(`${stack.apiUrl}/.well-known/jwks.json`)).json.keys.map(({ kid }: { kid: string }) => kid);

describe('npm run keys', () => {
  it('tells a newcomer to store a first key', async () => {
    const { status, stdout } = await keys('status');
    expect(status).toBe(0);
    expect(stdout).toContain('none stored');
    for (const secret of ['SigningSecret', 'CodeSecret', 'SessionSecret', 'IdentitySecret'])
      expect(stdout).toMatch(new RegExp(`\\(${secret}\\)\\n  \\S`));
    expect(stdout).toMatch(/Next: No key is stored/);
  });

  it('leads through a planned rotation, from the candidate to the revocation', async () => {
    const first = freshProviderKey();
    stack.provider.control({ addKey: { key: first, label: 'first' } });
    await storeProviderKey(stack, first);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    expect((await keys('status')).stdout).toMatch(/current .* last used \d+ seconds? ago/);

    expect(await keys('test')).toMatchObject({ status: 1, stderr: expect.stringContaining('CANDIDATE') });
    await storeCandidate(stack);
    expect((await keys('status')).stdout).toMatch(/Next: A candidate waits/);
    expect(await keys('test')).toMatchObject({ status: 0, stdout: expect.stringContaining('Next: promote') });
    expect(await keys('promote')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('revoke-check'),
    });

    expect(await keys('revoke-check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('No worker has used the current key yet'),
    });
    stack.pool('request-otp').shiftClock(400);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    stack.pool('request-otp').shiftClock(0);
    const { status, stderr } = await keys('revoke-check');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/used the old key recently\. Check again in 1\d min/),
    ]);
  });

  it('does not promote a key that the provider refuses, and says so', async () => {
    await storeProviderKey(stack, freshProviderKey(), 'CANDIDATE');
    expect(await keys('test')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('refuses the key'),
    });
    const { status, stderr } = await keys('promote');
    expect([status, stderr]).not.toEqual([0, '']);
    expect((await keys('status')).stdout).not.toContain('pending');
    await storeCandidate(stack);
    expect((await keys('promote')).status).toBe(0);
  });

  it('stores a candidate from a pipe, or one that the local provider makes, and refuses what is no key', async () => {
    const key = freshProviderKey();
    stack.provider.control({ addKey: { key, label: 'piped' } });
    expect(await keysWith(`${key}\n`, 'store-candidate')).toMatchObject({ status: 0 });
    expect((await keys('promote')).status).toBe(0);
    expect((await keys('store-candidate', '--make')).stdout).toContain('Next: test');
    expect((await keys('test')).status).toBe(0);
    expect((await keys('promote')).status).toBe(0);
    for (const wrong of ['', 'sm_live_', `${key} `, key.toUpperCase(), `${key}\n${key}`]) {
      const { status, stderr } = await keysWith(wrong, 'store-candidate');
      expect([status, stderr]).toEqual([1, expect.stringContaining('That is not a StartMessaging key')]);
    }
  });

  it('rotates the code secret and the signing keys', async () => {
    const before = await kids();
    expect((await keys('rotate-code-secret')).status).toBe(0);
    expect((await keys('status')).stdout).toMatch(/Code secret.*\n {2}last rotated \d seconds? ago/);
    expect((await keys('rotate-signing')).stdout).toContain('2 h 15 min');
    expect((await kids()).slice(0, before.length)).toEqual(before);
    expect(await kids()).toHaveLength(before.length + 1);
  });

  it('says why a candidate did not become the current key, in words of ours', async () => {
    await keysWith(freshProviderKey(), 'store-candidate');
    const { status, stderr } = await keys('promote');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^SmsSecret was not rotated\. The current version is unchanged\. .*refuse/);
    expect(stderr).not.toMatch(/UnknownError|InvalidRequestException|InternalServerError/);
    expect((await ask(stack, freshNumber())).status).toBe(202);
  });

  it('asks before it replaces a signing key at once, and then does', async () => {
    const [leaked = ''] = await kids();
    const refused = await keys('rotate-signing', `--withdraw=${leaked}`);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/up to 2 hours[\s\S]*Nothing was done/);
    expect(await kids()).toContain(leaked);
    expect((await keys('rotate-signing', `--withdraw=${leaked}`, '--yes')).status).toBe(0);
    expect(await kids()).not.toContain(leaked);
  });

  it.each([[[]], [['unknown']], [['status', 'more']], [['--colour', 'status']]])(
    'answers %j with its usage',
    async (parameters) => {
      const { status, stderr } = await keys(...parameters);
      expect([status, stderr]).toEqual([1, expect.stringContaining('revoke-check')]);
    },
  );

  it('says what to do when no local stack runs', async () => {
    expect(await keys('--directory', join(directory, 'nowhere'), 'status')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('npm start'),
    });
  });

  it('never shows a key or a secret', () => {
    const secrets = readFileSync(join(directory, 'secrets.json'), 'utf8');
    const values = [...secrets.matchAll(/"value":"((?:[^"\\]|\\.)*)"/g)].map(([, value = '']) => value);
    expect(values.length).toBeGreaterThan(5);
    for (const value of values) expect(printed).not.toContain(value);
    expect(printed).not.toMatch(/sm_live_[0-9a-f]/);
  });
});
