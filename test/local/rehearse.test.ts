import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../local/rehearse.ts');

it('a first deployment and two updates lose nothing', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(stdout.match(/✓/g)).toHaveLength(8);
  expect(stdout).toContain('Nothing that has state would be lost.');
});
