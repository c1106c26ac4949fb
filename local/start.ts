/**
 * `npm start`: the local stack for people. It prints its progress, then what to try, then a line per request without any
 * phone number. At its end it first answers open requests, and it leaves nothing behind.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Advice } from '../terminal/advice.ts';
import { interruptedStatus, signalsHadTheirTurn } from '../terminal/interrupt.ts';
import { lockData } from './data-lock.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';
import { startPage } from './page/page.ts';
import { readOptions, usage, wholeNumber } from './start-options.ts';
import { smsInTwoLanguages } from './startmessaging/sms-template.ts';

/** A phone number for the printed example. Its SMS only goes to the inbox page. */
const exampleNumber = '+919876543210';

async function main(): Promise<void> {
  const { values } = readOptions();
  if (values.help) {
    console.log(usage);
    return;
  }
  const directory = resolve(values.directory);
  mkdirSync(directory, { recursive: true });
  if (values.reset) await forget(directory);
  const stopping = stopOnSignal();
  const stack = await startLocalStack({
    directory,
    apiPort: wholeNumber('--port', values.port, 65_535),
    providerPort: wholeNumber('--inbox-port', values['inbox-port'], 65_535),
    lanAddress: values.lan,
    settings: smsInTwoLanguages,
    workers: wholeNumber('--workers', values.workers, 64),
    onProgress: (step) => console.log(`… ${step}`),
    onAccess: ({ method, path, status, latencyMs }) =>
      console.log(`${method} ${path} ${status} ${latencyMs} ms`),
  });
  const page = await startPage(stack, {
    port: wholeNumber('--page-port', values['page-port'], 65_535),
  }).catch(async (error: unknown) => {
    await stack.stop();
    throw error;
  });
  stopping.onceStarted(async () => {
    await page.stop();
    await stack.stop();
  });
  console.log(whatToTry(stack, { pageUrl: page.url, directory }));
}

/** Empties the directory, unless another runner uses it. */
async function forget(directory: string): Promise<void> {
  const unlock = await lockData(directory);
  for (const name of [
    'cdk.out',
    'logs',
    'table.db',
    'table.db-shm',
    'table.db-wal',
    'secrets.json',
    'provider.json',
  ]) {
    rmSync(join(directory, name), { recursive: true, force: true });
  }
  await unlock();
}

function whatToTry(
  { apiUrl, apiUrlLan, provider }: LocalStack,
  { pageUrl, directory }: { pageUrl: string; directory: string },
): string {
  const number = exampleNumber;
  const json = "-H 'Content-Type: application/json'";
  const code = `$(curl -sS '${provider.url}/inbox/latest-code?phoneNumber=${encodeURIComponent(number)}')`;
  return `
Doorcode runs. Open the page, and sign in by clicking alone.
  page    ${pageUrl}     (an app, its SMS, what the server decides; ${pageUrl}/docs shows the API)
  API     ${apiUrl}${apiUrlLan === undefined ? '' : `\n          ${apiUrlLan}     (for phones; everybody on this network reaches the API there, and nothing else)`}
  inbox   ${provider.url}     (each SMS, as a phone would show it)
  issuer  ${apiUrl}/.well-known/openid-configuration
  logs    ${join(directory, 'logs')}

Or in another terminal: ask for a code, then type it in as the inbox shows it.

  answer=$(curl -sS ${apiUrl}/auth/request-otp ${json} -d '{"phoneNumber":"${number}"}'); echo "$answer"
  curl -sS ${apiUrl}/auth/verify-otp ${json} -d '{"requestId":"'"$(echo "$answer" | sed 's/.*"requestId":"\\([^"]*\\)".*/\\1/')"'","code":"'"${code}"'"}'

Ctrl-C stops it; what is stored stays. npm start -- --reset forgets it.
`;
}

/**
 * Stops cleanly at a signal, with the exit status of success. Before the stack runs, and at a second signal, it ends at once
 * with everything that it has started.
 */
function stopOnSignal(): { onceStarted(stop: () => Promise<void>): void } {
  let stop: (() => Promise<void>) | undefined;
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping || stop === undefined) {
        console.log(isStopping ? '\nEnded at once.' : '\nInterrupted before it ran.');
        process.exit(interruptedStatus);
      }
      isStopping = true;
      console.log('\nStopping; answers under way are finished first. Ctrl-C again ends at once.');
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          tell(error);
          process.exit(1);
        },
      );
    });
  }
  return {
    onceStarted: (how) => {
      stop = how;
    },
  };
}

/** Prints only the message of `Advice`. Any other error is a bug, so its stack trace is printed as well. */
function tell(error: unknown): void {
  console.error(error instanceof Advice ? error.message : error);
}

main().catch(async (error: unknown) => {
  await signalsHadTheirTurn();
  tell(error);
  process.exitCode = 1;
});
