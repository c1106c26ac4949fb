/** U1: from a fresh clone, after `npm ci`, to the first verified code: `npm start`, a request, the code, a token. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '../test-kit/http.ts';
import type { Figure } from './figure.ts';
import { freshNumber } from './gateway-event.ts';

const root = join(import.meta.dirname, '..');
const maxSeconds = 15;

/** Clones what is committed, starts it, and signs a number in. */
export async function firstCodeFigure(): Promise<Figure> {
  const clone = mkdtempSync(join(tmpdir(), 'doorcode-clone-'));
  execFileSync('git', ['clone', '--quiet', root, clone]);
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  const startedAtMs = performance.now();
  const child = spawn('npm', ['start', '--', '--port', '0', '--inbox-port', '0'], {
    cwd: clone,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { api, inbox } = await addresses(child.stdout);
    const phoneNumber = freshNumber();
    const { requestId } = (await call(`${api}/auth/request-otp`, { body: { phoneNumber } })).json;
    const sms = await call(`${inbox}/inbox/latest-code?phoneNumber=${encodeURIComponent(phoneNumber)}`);
    const body = { requestId, code: sms.text.trim() };
    const { accessToken } = (await call(`${api}/auth/verify-otp`, { body })).json;
    const seconds = (performance.now() - startedAtMs) / 1000;
    if (typeof accessToken !== 'string') throw new Error('no token came');
    return {
      id: 'U1',
      what: 'fresh clone to first verified code, after npm ci',
      goal: `one command, ≤ ${maxSeconds} s`,
      figure: `${seconds.toFixed(1)} s`,
      isMet: seconds <= maxSeconds,
      peers: '',
      method:
        'wall time of `npm start`, a request, the inbox and a verify in a clone of the last commit, once',
    };
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
    rmSync(clone, { recursive: true, force: true });
  }
}

function addresses(output: NodeJS.ReadableStream): Promise<{ api: string; inbox: string }> {
  let text = '';
  return new Promise((resolve, reject) => {
    // This reads the output to its end, because a pipe without a reader would end the stack.
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, api] = /API +(http\S+)/.exec(text) ?? [];
      const [, inbox] = /inbox +(http\S+)/.exec(text) ?? [];
      if (api !== undefined && inbox !== undefined) resolve({ api, inbox });
    });
    output.on('end', () => reject(new Error(`npm start ended: ${text}`)));
  });
}
