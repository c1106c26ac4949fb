#!/usr/bin/env node
/**
 * `npx doorcode <command>`: the commands of the package, which are `npm run <command>` in a checkout. Each is a file beside
 * this one, so a new one needs no line here.
 */
import { readdirSync } from 'node:fs';

/** Files that are no commands: this one, and the CDK app of a checkout. */
const others = ['doorcode', 'app'];

/** The commands by their names, with their files. */
const commands = new Map(
  readdirSync(import.meta.dirname)
    .map((file) => [/^([a-z-]+)\.m?[jt]s$/.exec(file)?.[1] ?? '', file] as const)
    .filter(([name]) => name !== '' && !others.includes(name))
    .toSorted(),
);

const usage = `npx doorcode <command>, where <command> is one of: ${[...commands.keys()].join(', ')}
npx doorcode <command> --help says what it does.`;

const [, script = '', name = '', ...rest] = process.argv;
const file = commands.get(name);
if (file !== undefined) {
  // A command reads its arguments as if it had been started itself.
  process.argv = [process.execPath, script, ...rest];
  await import(new URL(file, import.meta.url).href);
} else if (['', '--help', '-h', 'help'].includes(name)) {
  console.log(usage);
} else {
  console.error(`There is no command "${name}".\n${usage}`);
  process.exitCode = 1;
}
