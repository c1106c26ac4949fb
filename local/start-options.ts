/** The options of `npm start`, and their text of help. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Advice } from '../terminal/advice.ts';

/** What `--help` prints. */
export const usage = `npm start -- [options]
  --page-port N    the page's port (4000)
  --port N         the API's port (4010)
  --inbox-port N   the inbox's port (4011)
  --lan ADDRESS    opens the API to phones on your network, at this address of this machine
  --workers N      processes per function (4)
  --directory D    the directory for data and logs (.local)
  --reset          deletes everything in the directory first
  --help           this text`;

const options = {
  'page-port': { type: 'string', default: '4000' },
  port: { type: 'string', default: '4010' },
  'inbox-port': { type: 'string', default: '4011' },
  lan: { type: 'string' },
  workers: { type: 'string', default: '4' },
  directory: { type: 'string', default: join(import.meta.dirname, '../.local') },
  reset: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

interface Arguments {
  readonly options: typeof options;
  readonly allowPositionals: false;
}

/** Reads the command line. Throws `Advice` with the usage for an option that it does not know. */
export function readOptions(): ReturnType<typeof parseArgs<Arguments>> {
  try {
    return parseArgs<Arguments>({ options, allowPositionals: false });
  } catch (error) {
    throw new Advice(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** The value of an option as a number from 0 to `max`. Throws `Advice`. */
export function wholeNumber(option: string, value: string, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= max) return number;
  throw new Advice(`${option}: expected a whole number up to ${max} (given: ${value})`);
}
