/** Runs one of the commands in `bin/` on the local stack of a directory, as a person does. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly directory: string;
  /** What comes through the pipe. */
  readonly input?: string;
}

/** Runs `bin/<command>.ts`. */
export function runCommand(
  command: 'keys' | 'controls' | 'doctor' | 'sessions' | 'support',
  { directory, input = '' }: Run,
  parameters: readonly string[],
): Promise<Ran> {
  const script = join(import.meta.dirname, `../../bin/${command}.ts`);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, '--local', '--directory', directory, ...parameters],
      (error, stdout, stderr) => resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}
