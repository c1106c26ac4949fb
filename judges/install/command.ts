/** Runs one command of a judge to its end. */
import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  /** Over the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** More input, asked for when the command has printed a line `ready`. */
  readonly whenReady?: () => Promise<string>;
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves with what it printed, whatever its status; rejects where it cannot be started. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { cwd, env, input = '', whenReady } = options;
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let isAsked = false;
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      if (isAsked || whenReady === undefined || !/^ready$/m.test(`${Buffer.concat(stdout)}`)) return;
      isAsked = true;
      whenReady().then((more) => child.stdin.end(more), reject);
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({
        status: status ?? 1,
        stdout: `${Buffer.concat(stdout)}`,
        stderr: `${Buffer.concat(stderr)}`,
      }),
    );
    // A command that reads nothing may close its input before all is written.
    child.stdin.on('error', () => undefined);
    if (whenReady === undefined) child.stdin.end(input);
    else child.stdin.write(input);
  });
}

/** Resolves with what it printed; rejects at a status other than 0, with the end of what it said. */
export async function runWell(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, options);
  if (status === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${command} ${args.slice(0, 3).join(' ')} ended with status ${status}:\n${said}`);
}
