/**
 * `npm run controls`: what the security team changes without a deployment. The kill switch, the denied numbers and the
 * test numbers are one secret. This command reads it, changes it, checks it with the functions' own schema, and stores it.
 * It reads no other secret. It shows a whole number only with --show, and never shows a code.
 * It is long because it is a list: each command with what it says and does.
 */
import { Advice } from '../terminal/advice.ts';
import { confirm } from './command/confirm.ts';
import type { Deployment } from './command/deployment.ts';
import { readUnseen } from './command/read-unseen.ts';
import { commonOptions, commonUsage, connect, readArguments, run } from './command/run.ts';
import {
  controlsIn,
  makeCurrent,
  readCurrent,
  readStored,
  replaceControls,
} from './controls/controls-secret.ts';
import {
  newTestNumber,
  parsePerDay,
  withDenied,
  withoutDenied,
  withoutTestNumber,
  withTestNumber,
} from './controls/edits.ts';
import { masked, numbersWith } from './controls/masked.ts';
import { sendingMeans, status } from './controls/status.ts';

const usage = `npm run controls -- [options] <command>
  status                       what is set, and what to do next
    --show                     … unmasked and complete
  sending everybody | returning-devices | nobody
                               the kill switch: who gets an SMS
  deny NUMBER                  refuses a number or a prefix: +919876543210, +9198765. It deletes nothing (support -- forget
                               does) and signs nobody out (sessions -- end does)
  allow NUMBER                 lifts that again
  add-test-number NUMBER --until 2027-01-31
                               a number with a fixed code and no SMS; the code from a pipe, or typed without being shown
    --per-day N                … sign-ins a day (default: 10, at most 20)
  remove-test-number NUMBER
  previous                     restores the version before, after a wrong change or a malformed value

${commonUsage}`;

const options = {
  ...commonOptions,
  show: { type: 'boolean', default: false },
  until: { type: 'string' },
  'per-day': { type: 'string' },
} as const;

type Options = ReturnType<typeof readArguments<typeof options>>['values'];

interface Command {
  /** How many arguments follow the name of the command. */
  readonly words: 0 | 1;
  run(deployment: Deployment, word: string, values: Options): Promise<string>;
}

const now = (): number => Math.floor(Date.now() / 1000);
const isSending = (word: string): word is keyof typeof sendingMeans => Object.hasOwn(sendingMeans, word);
const takesEffect = 'Every worker applies it within 65 seconds.';

const commands: Readonly<Record<string, Command>> = {
  status: {
    words: 0,
    run: (deployment, _, { show }) => status(deployment, { isWhole: show, now: now() }),
  },
  sending: {
    words: 1,
    run: async (deployment, sending, { yes }) => {
      if (!isSending(sending)) throw new Advice('sending: expected everybody, returning-devices or nobody.');
      const current = await readCurrent(deployment);
      const controls = controlsIn(current);
      await confirm(yes, [
        `${deployment.name}: SMS go to ${sendingMeans[sending]}.`,
        ...(sending === 'everybody'
          ? []
          : ['Everybody else gets a 503 with a Retry-After until the next full hour.']),
        takesEffect,
      ]);
      await replaceControls(deployment, { ...controls, sending }, current);
      return `SMS go to ${sendingMeans[sending]}. ${takesEffect}`;
    },
  },
  deny: {
    words: 1,
    run: async (deployment, entry, { yes }) => {
      const current = await readCurrent(deployment);
      const changed = withDenied(controlsIn(current), entry);
      if (numbersWith(entry) > 1) {
        const count = numbersWith(entry).toLocaleString('en');
        await confirm(yes, [
          `This prefix denies ${count} numbers. Each gets the same 429 as a number over its limit.`,
        ]);
      }
      await replaceControls(deployment, changed, current);
      return `${masked(entry)} is denied. ${takesEffect} Nothing of it is deleted (npm run support -- forget), and nobody is signed out (npm run sessions -- end).`;
    },
  },
  allow: {
    words: 1,
    run: async (deployment, entry) => {
      const current = await readCurrent(deployment);
      await replaceControls(deployment, withoutDenied(controlsIn(current), entry), current);
      return `${masked(entry)} is no longer denied. ${takesEffect}`;
    },
  },
  'add-test-number': {
    words: 1,
    run: async (deployment, phoneNumber, { until = '', 'per-day': perDay }) => {
      const { testNumbersUntil } = deployment;
      const current = await readCurrent(deployment);
      const controls = controlsIn(current);
      const asked = { phoneNumber, until, perDay: parsePerDay(perDay) };
      const testNumber = newTestNumber(controls, asked, { testNumbersUntil, now: now() });
      const changed = withTestNumber(controls, testNumber, await readUnseen('Type the code'));
      await replaceControls(deployment, changed, current);
      return `${masked(phoneNumber)} is a test number until the end of ${until} (UTC). ${takesEffect}`;
    },
  },
  'remove-test-number': {
    words: 1,
    run: async (deployment, phoneNumber) => {
      const current = await readCurrent(deployment);
      await replaceControls(deployment, withoutTestNumber(controlsIn(current), phoneNumber), current);
      return `${masked(phoneNumber)} is an ordinary number again. ${takesEffect}`;
    },
  },
  previous: {
    words: 0,
    run: async (deployment, _, { yes }) => {
      const [current, previous] = await Promise.all([
        readCurrent(deployment),
        readStored(deployment, 'AWSPREVIOUS'),
      ]);
      if (previous === undefined) throw new Advice('There is no earlier version.');
      const controls = controlsIn(previous);
      await confirm(yes, [
        'The version before becomes the current one.',
        `SMS go to ${sendingMeans[controls.sending]}.`,
        `Denied: ${controls.denied.length}. Test numbers: ${controls.testNumbers.length}.`,
      ]);
      await makeCurrent(deployment, { to: previous.versionId, from: current.versionId });
      return `The version before is the current one again. ${takesEffect}`;
    },
  },
};

run(async () => {
  const { values, positionals } = readArguments(options, usage);
  if (values.help) return usage;
  const [name = '', ...words] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined || words.length !== command.words) throw new Advice(usage);
  return command.run(await connect(values), words[0] ?? '', values);
});
