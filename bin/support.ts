/**
 * `npm run support`: for the person who answers a user. `why` says why a user got no SMS; `forget` removes a person. Both ask
 * the function `support`, so nobody needs a right on a secret, a log or the table: `lambda:InvokeFunction` is enough.
 *
 * A number is never an argument, because shells keep a history and other users see arguments. It is typed without being
 * shown, or comes from a pipe.
 */
import * as v from 'valibot';
import { phoneNumberSchema } from '../functions/otp/phone-number.ts';
import { holdsNumber, readCallName } from '../functions/support/call-name.ts';
import { maxDays } from '../functions/support/question.ts';
import { Advice } from '../terminal/advice.ts';
import { confirm } from './command/confirm.ts';
import type { Deployment } from './command/deployment.ts';
import { readUnseen } from './command/read-unseen.ts';
import { commonOptions, commonUsage, connect, readArguments, run } from './command/run.ts';
import { askSupport } from './support/ask-support.ts';

const usage = `npm run support -- [options] <command>
  why REFERENCE        why a user got no SMS, or was signed out: the reference in the app, or the longer id where the gateway answered
    --number           … and whether that call was for the number of this user
  why --number         the same by the number, from its latest call
    --days N           … in the log of the last N days (default: 3, at most ${maxDays})
  forget               removes a number: limits, codes, devices and sessions. Asks before it does.
                       It is no ban, as controls deny is, and no sign-out alone, as sessions end is

  The number is typed without being shown, or comes from a pipe. It is never an argument.

${commonUsage}`;

const options = {
  ...commonOptions,
  number: { type: 'boolean', default: false },
  days: { type: 'string' },
} as const;

type Options = ReturnType<typeof readArguments<typeof options>>['values'];

const commands: Readonly<
  Record<
    string,
    (connected: () => Promise<Deployment>, words: readonly string[], values: Options) => Promise<string>
  >
> = {
  why: async (connected, [call, ...rest], { number, days }) => {
    if (rest.length > 0 || (call === undefined && !number)) throw new Advice(usage);
    if (call !== undefined) refuseNumber(call);
    if (call !== undefined && readCallName(call) === undefined)
      throw new Advice('A reference has eight of the characters 2-9 C D F H J K M N P Q R T V W X Y.');
    const question = { ask: 'why', call, days: readDays(days) } as const;
    const phoneNumber = number ? await readNumber() : undefined;
    return text(await askSupport(await connected(), { ...question, phoneNumber }));
  },
  forget: async (connected, words, { yes }) => {
    if (words[0] !== undefined) refuseNumber(words[0]);
    if (words.length > 0) throw new Advice(usage);
    const phoneNumber = await readNumber();
    const deployment = await connected();
    await confirm(yes, [
      ...(await askSupport(deployment, { ask: 'held', phoneNumber })),
      `${deployment.name}: what is listed under Table is deleted, and cannot be brought back.`,
      'Its limits begin anew. Its phones are signed out once their access tokens end.',
      'To refuse it SMS instead: npm run controls -- deny. To sign it out alone: npm run sessions -- end.',
    ]);
    const lines = await askSupport(deployment, { ask: 'forget', phoneNumber });
    return text([
      'Deleted from the table:',
      ...lines,
      'Stays: a denied or test number in the controls (npm run controls -- status), and what the provider keeps of its SMS.',
      'Stays for a day: the counters of addresses, which hold 36 bits of a keyed hash of the numbers that an IPv6 address asked for.',
    ]);
  },
};

function text(lines: readonly string[]): string {
  return lines.join('\n');
}

async function readNumber(): Promise<string> {
  const typed = await readUnseen('Type the number, with +91');
  const parsed = v.safeParse(phoneNumberSchema, typed.replace(/[\s-]/g, ''));
  if (!parsed.success)
    throw new Advice('Nothing was done: expected +91 and the ten digits of an Indian mobile number.');
  return parsed.output;
}

/** A number that is already in the history of the shell. The text does not repeat it. */
function refuseNumber(word: string): void {
  if (!/^\+?[0-9][0-9 -]{8,}$/.test(word) && !holdsNumber(word)) return;
  throw new Advice(
    'Leave the number out: the shell keeps it in its history, from which you should remove this line. Type it when you are asked, or pipe it in.',
  );
}

function readDays(days: string | undefined): number | undefined {
  if (days === undefined) return undefined;
  const count = /^[0-9]{1,2}$/.test(days) ? Number(days) : 0;
  if (count < 1 || count > maxDays) throw new Advice(`--days: expected a whole number from 1 to ${maxDays}.`);
  return count;
}

run(async () => {
  const { values, positionals } = readArguments(options, usage);
  if (values.help) return usage;
  const [name = '', ...words] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Advice(usage);
  return command(() => connect(values), words, values);
});
