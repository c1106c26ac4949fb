/** The command lines of docs/security-team.md, run on the local stack as they are printed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { runCommand } from '../support/run-command.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/security-team.md'), 'utf8');

let directory: string;
let stack: LocalStack;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-page-'));
  stack = await startLocalStack({ directory, workers: 1, settings: { testNumbersUntil: '2099-12-31' } });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The lines of the section's shell blocks that call a command: its name, and what follows `--`. */
function linesOf(heading: string, command: 'keys' | 'controls'): readonly (readonly string[])[] {
  const section = page.split(/^##+ /m).find((part) => part.startsWith(heading)) ?? '';
  const lines = [...section.matchAll(new RegExp(`^npm run ${command} -- ([^#\\n]+)`, 'gm'))];
  return lines.map(([, line = '']) => line.trim().split(/\s+/));
}

describe('the page of the security team', () => {
  it('rotates the provider’s key on a laptop, by its five lines, while people sign in', async () => {
    expect((await ask(stack, freshNumber())).status).toBe(202);
    const lines = linesOf('Try it on a laptop', 'keys');
    expect(lines.map(([step]) => step)).toEqual([
      'status',
      'store-candidate',
      'test',
      'promote',
      'revoke-check',
    ]);
    for (const line of lines) {
      expect(line).toContain('--local');
      const { status, stderr } = await runCommand(
        'keys',
        { directory },
        line.filter((part) => part !== '--local'),
      );
      // The old key was used a moment ago, so it may not be revoked yet.
      expect([line[0], status, stderr === '']).toEqual([
        line[0],
        line[0] === 'revoke-check' ? 1 : 0,
        line[0] !== 'revoke-check',
      ]);
      expect((await ask(stack, freshNumber())).status).toBe(202);
    }
  });

  it('changes the controls by each of its lines', async () => {
    const lines = linesOf('Controls', 'controls');
    expect(lines.length).toBeGreaterThan(7);
    for (const line of lines) {
      // The page's end date passes one day; and here is nobody to answer a question.
      const parameters = line.map((part) => (/^\d{4}-/.test(part) ? '2099-12-31' : part));
      const ran = await runCommand('controls', { directory, input: '402961\n' }, ['--yes', ...parameters]);
      expect([line.join(' '), ran.status, ran.stderr]).toEqual([line.join(' '), 0, '']);
    }
  });
});
