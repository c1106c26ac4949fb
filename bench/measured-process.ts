/** Processes that are measured: each does what it is asked, and says what time that took (`measured.cjs`). */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { bundle, bundleFile } from '../lib/bundle.ts';
import { leftOutBy } from '../lib/left-out.ts';
import type { Workbench } from './workbench.ts';

/** What a piece of work took. */
interface Taken {
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface MeasuredProcess {
  ask(what: object): Promise<Taken>;
  /** Lets it end by itself. */
  stop(): Promise<void>;
}

/** Starts one. */
export function startMeasured(
  file: string,
  env: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): MeasuredProcess {
  const child = fork(file, {
    env: { ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    ask: (what) =>
      new Promise((resolve, reject) => {
        child.once('message', (message: Taken & { error?: string }) => {
          if (message.error === undefined) resolve(message);
          else reject(new Error(message.error));
        });
        child.send(what);
      }),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
    },
  };
}

/** Starts a program with the routes of the flows; ours, where none is named. */
export function startFlows(
  { near }: Workbench,
  {
    env = {},
    file,
    execArgv,
  }: {
    readonly env?: Readonly<Record<string, string>>;
    /** One bundle for all routes, instead of ours. */
    readonly file?: string;
    /** Options of Node. */
    readonly execArgv?: readonly string[];
  } = {},
): MeasuredProcess {
  const ofOurs = (name: string): string => join(bundle(name, leftOutBy({})), bundleFile);
  const environment = {
    ...near.environmentOf('session'),
    ...near.environmentOf('verify-otp'),
    ...near.environmentOf('request-otp'),
    REQUEST_OTP: file ?? ofOurs('request-otp'),
    VERIFY_OTP: file ?? ofOurs('verify-otp'),
    SESSION: file ?? ofOurs('session'),
    ...env,
  };
  return startMeasured(join(import.meta.dirname, 'our-flows.cjs'), environment, execArgv);
}
