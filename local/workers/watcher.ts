/**
 * Ends the workers of a runner that is gone. A stopped process cannot notice the death of its parent. So a shell holds the
 * other end of a pipe from the runner, learns of each worker, and kills the remaining ones when the pipe closes, even after
 * a `kill -9` of the runner.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

const guard = [
  'workers=',
  'while read -r event pid; do',
  '  others=',
  '  for worker in $workers; do [ "$worker" = "$pid" ] || others="$others $worker"; done',
  '  workers=$others',
  '  [ "$event" = ended ] || workers="$workers $pid"',
  'done',
  '[ -z "$workers" ] || kill -KILL $workers 2>/dev/null',
].join('\n');

let tell: ((line: string) => void) | undefined;

/** Ends the process `pid` when this process ends in any way. Call the result when `pid` has ended by itself. */
export function watchOver(pid: number): () => void {
  tell ??= startWatcher();
  tell(`started ${pid}`);
  return () => tell?.(`ended ${pid}`);
}

function startWatcher(): (line: string) => void {
  // Not the terminal's process group: a Ctrl-C must not end it before its workers. It keeps no runner alive.
  const watcher = spawn('sh', ['-c', guard], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  watcher.stdin.on('error', () => undefined);
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  return (line) => watcher.stdin.write(`${line}\n`);
}
