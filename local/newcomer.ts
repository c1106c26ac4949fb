/**
 * `npm run newcomer`: what somebody does who sees this repository for the first time (clone, install, start, open the page,
 * sign in, stop), by a script, with the seconds of each step. It fails when a step does.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt, signalsHadTheirTurn } from '../terminal/interrupt.ts';
import { openBrowser } from './browser.ts';

const root = join(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'doorcode-newcomer-'));
const clone = join(directory, 'doorcode');

/** Ends what runs, with all that it started. */
let end = (): void => undefined;
const interrupted = onInterrupt('Interrupted. The clone is removed.', async () => {
  end();
  rmSync(directory, { recursive: true, force: true });
});

let since = performance.now();
function done(step: string): number {
  const seconds = (performance.now() - since) / 1000;
  console.log(`${step.padEnd(24)}${seconds.toFixed(1).padStart(6)} s`);
  since = performance.now();
  return seconds;
}

try {
  execFileSync('git', ['clone', '--quiet', root, clone]);
  done('clone');
  execFileSync('npm', ['ci', '--loglevel', 'error'], { cwd: clone, stdio: ['ignore', 'ignore', 'inherit'] });
  done('npm ci');
  // The browser is the newcomer's own, and open already.
  const browser = await openBrowser();
  since = performance.now();
  const options = ['start', '--', '--page-port', '0', '--port', '0', '--inbox-port', '0'];
  // In a process group of its own, so that Ctrl-C can be played as a terminal does it.
  const started = spawn('npm', options, { cwd: clone, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  end = () => void process.kill(-(started.pid ?? 0), 'SIGINT');
  const ended = new Promise<number | null>((resolve) => started.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    started.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const [, page] = /page +(http:\S+)/.exec(output) ?? [];
      if (page !== undefined && output.includes('Ctrl-C')) resolve(page);
    });
    ended.then(() => reject(new Error(`npm start ended:\n${output}`)));
  });
  const toStart = done('npm start');
  const tab = await browser.newPage();
  await tab.goto(url);
  await tab.getByLabel('Mobile number').fill('98765 43210');
  const toOpen = done('open the page');
  await tab.getByRole('button', { name: 'Send code' }).click();
  await tab.getByRole('button', { name: /^Fill in the code/ }).click();
  await tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();
  const toSignIn = done('sign in');
  await browser.close();
  since = performance.now();
  end();
  await ended;
  done('stop');
  console.log(`\nFrom npm start to signed in: ${(toStart + toOpen + toSignIn).toFixed(1)} s (goal: 15 s)`);
} catch (error) {
  await signalsHadTheirTurn();
  if (!interrupted.aborted) throw error;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
