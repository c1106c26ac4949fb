/**
 * Allows one runner per data directory. The lock is a listening socket, which ends with its process. So a killed runner
 * leaves nothing to clean up by hand.
 */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Advice } from '../terminal/advice.ts';

/** Takes the lock of `directory`; throws `Advice` where another runner has it. The returned function releases it. */
export async function lockData(directory: string): Promise<() => Promise<void>> {
  // The path of a socket has at most about a hundred bytes, and a directory's path may be longer.
  const name = createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `doorcode-${name}.sock`);
  if (await isHeld(path)) {
    throw new Advice(
      `Another local stack is running in ${directory}. Stop it, or start this one with --directory another.`,
    );
  }
  rmSync(path, { force: true });
  // A client that disconnects at once is not an error of the lock's holder.
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  server.unref();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return () => close(server);
}

function isHeld(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
