/** What the commands share: their options, which deployment is meant, and how a failure is told. */
import { join, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Advice } from '../../local/advice.ts';
import { Interrupted, interruptedStatus, onInterrupt } from '../../local/interrupt.ts';
import { connectAws, connectLocal, type Deployment } from './deployment.ts';
import { failureOf } from './failure.ts';
import { stackRegion } from './stack-region.ts';

/** What `npm run synth` and `cdk deploy` write. */
const assemblyDirectory = join(import.meta.dirname, '../../cdk.out');

/** The options that every command has. */
export const commonOptions = {
  stack: { type: 'string', default: 'Doorcode' },
  region: { type: 'string' },
  local: { type: 'boolean', default: false },
  directory: { type: 'string', default: join(import.meta.dirname, '../../.local') },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The same, as a usage tells them. */
export const commonUsage = `  --stack NAME         the stack in AWS (Doorcode), by the ordinary credential chain
  --region R           its region, where it is not the one that was synthesised here (bin/app.ts) or that of the shell
  --local              the local stack that runs (npm start)
  --directory D        … on this directory (.local)
  --yes                does not ask`;

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses the command line; throws advice with the usage where it cannot. */
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

/**
 * Runs a command to its end: what it gives is printed, and a failure is told and sets the exit status: 130 where
 * somebody pressed Ctrl-C, else 1.
 */
export function run(command: () => Promise<string>): void {
  onInterrupt('Interrupted. What was sent by then may still be carried out: see status.');
  command().then(console.log, (error: unknown) => {
    console.error(failureOf(error));
    process.exitCode = error instanceof Interrupted ? interruptedStatus : 1;
  });
}
