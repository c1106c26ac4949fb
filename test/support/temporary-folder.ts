/**
 * One temporary folder for a whole run of the tests, removed at its end. CDK writes a cloud assembly into the system's
 * folder for each app without an output directory and leaves it there, and a worker that the runner ends has no chance
 * to tidy up. Node and the programs that a test starts find the folder by TMPDIR.
 *
 * In it is a compile cache, too, by NODE_COMPILE_CACHE: a run starts hundreds of Node processes, and each would strip the same
 * types and compile the same libraries again. Workers of a stack have an environment of their own and do without, as in Lambda.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called by vitest before the first worker starts; the result is called after the last one has ended. */
export function setup(): () => void {
  const before = { TMPDIR: process.env['TMPDIR'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-tests-'));
  process.env['TMPDIR'] = directory;
  process.env['NODE_COMPILE_CACHE'] = join(directory, 'compiled');
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    // A process that a test left behind may write once more while its files go.
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
}
