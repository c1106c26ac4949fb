/** What the commands share: their options, the choice of the deployment, and the printing of a failure. */
import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Advice } from '../../terminal/advice.ts';
import { Interrupted, interruptedStatus, onInterrupt } from '../../terminal/interrupt.ts';
import { connectAws, connectLocal, type Deployment } from './deployment.ts';
import { failureOf } from './failure.ts';
import { stackRegion } from './stack-region.ts';

/** The directory that `cdk synth` and `cdk deploy` write in the folder of the CDK app, where the commands are run. */
export const assemblyDirectory = 'cdk.out';

/** The options that every command has. */
export const commonOptions = {
  stack: { type: 'string', default: 'Doorcode' },
  region: { type: 'string' },
  local: { type: 'boolean', default: false },
  directory: { type: 'string', default: '.local' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The usage text of the common options. */
export const commonUsage = `  --stack NAME         the stack in AWS (default: Doorcode), reached with the ordinary credential chain
  --region R           its region (default: the one synthesised here from bin/app.ts, else the shell's)
  --local              the running local stack (npm start)
  --directory D        … in this directory (default: .local)
  --yes                does not ask`;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses the command line; throws `Advice` with the usage where it is wrong. */
export function readArguments<const T extends Options>(
  options: T,
  usage: string,
): ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>> {
  try {
    return parseArgs<{ options: T; allowPositionals: true }>({ options, allowPositionals: true });
  } catch (error) {
    throw new Advice(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

interface Target {
  readonly stack: string;
  readonly region?: string | undefined;
  readonly local: boolean;
  readonly directory: string;
}

/** The deployment that the options name. */
export async function connect({ local, directory, stack, region }: Target): Promise<Deployment> {
  return local
    ? connectLocal(resolve(directory))
    : await connectAws(stack, region ?? stackRegion(assemblyDirectory, stack));
}

/** What a command prints, and its exit status. */
export interface Concluded {
  readonly text: string;
  readonly status: number;
}

/**
 * Runs a command and prints its result. After a failure it prints the reason and sets the exit status: 130 after Ctrl-C,
 * otherwise 1.
 */
export function run(command: () => Promise<string>): void {
  onInterrupt('Interrupted. AWS may still carry out what was sent: check with status.');
  conclude(command().then((text) => ({ text, status: 0 })));
}

/** Prints the result of a command that has an exit status of its own, or why it failed. */
export function conclude(result: Promise<Concluded>): void {
  result.then(
    ({ text, status }) => {
      console.log(text);
      process.exitCode = status;
    },
    (error: unknown) => {
      console.error(failureOf(error));
      process.exitCode = error instanceof Interrupted ? interruptedStatus : 1;
    },
  );
}
