/**
 * One temporary folder for a whole run of the tests, removed at its end. CDK writes a cloud assembly into the system's
 * folder for each app without an output directory and leaves it there, and a worker that the runner ends has no chance
 * to tidy up. Node and the programs that a test starts find the folder by TMPDIR.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called by vitest before the first worker starts; the result is called after the last one has ended. */
export function setup(): () => void {
  const before = process.env['TMPDIR'];
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-tests-'));
  process.env['TMPDIR'] = directory;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    // A process that a test left behind may write once more while its files go.
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
}
