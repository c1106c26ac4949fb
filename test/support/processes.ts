/** What the operating system says of processes. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The state of each process as `ps` shows it, such as `T` for one that is stopped; one that has ended has none. */
export async function statesOf(pids: readonly number[]): Promise<readonly string[]> {
  if (pids.length === 0) return [];
  const { stdout } = await run('ps', ['-o', 'stat=', '-p', pids.join(',')]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => line.trim().slice(0, 1) || []);
}
