import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../local/rehearse.ts');

/** Four stacks one after the other, and two real synths: minutes on a machine that does other things, too. */
const patienceMs = 240_000;

it(
  'a deployment’s life loses nothing: a failed start, an upgrade from the last release, updates, tags, a deletion and a return',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    const steps = stdout.split('\n').filter((line) => line.includes('✓'));
    expect(steps).toHaveLength(22);
    for (const what of [
      'a first deployment fails half-way',
      'the upgrade to this version loses nothing',
      'a code that the release sent works',
      'a session that began before an update goes on',
      'an update of the settings loses nothing',
      'tags that are added later reach no secret',
      'the stack is destroyed',
      'a user has the same sub as before',
    ])
      expect(
        steps.some((step) => step.includes(what)),
        what,
      ).toBe(true);
    expect(stdout).toContain('Nothing that has state would be lost.');
  },
  patienceMs,
);
