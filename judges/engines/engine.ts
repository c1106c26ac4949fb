/** A DynamoDB engine that others wrote, on a free port of this machine, with its data in memory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { close, listen } from '../../local/listen.ts';

export interface Engine {
  /** Its name and version. */
  readonly tool: string;
  readonly url: string;
  stop(): Promise<void>;
}

const startMs = 120_000;

/** Starts a command with a free port as its last argument, and waits until something answers there. */
export async function startEngine(
  tool: string,
  [command, ...args]: readonly [string, ...string[]],
): Promise<Engine> {
  const port = await freePort();
  const child = spawn(command, [...args, `${port}`], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  if (await answersSoon(url, child)) return { tool, url, stop };
  await stop();
  throw new Error(`${tool} did not start`);
}

async function answersSoon(url: string, child: ChildProcess): Promise<boolean> {
  const untilMs = performance.now() + startMs;
  while (performance.now() < untilMs && child.exitCode === null) {
    const answers = await fetch(url, { method: 'POST' }).then(
      () => true,
      () => false,
    );
    if (answers) return true;
    await pause(100);
  }
  return false;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, { port: 0 });
  await close(probe);
  return port;
}
