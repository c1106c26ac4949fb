/**
 * `npm run controls`: what the security team changes without a deployment. Kill switch, denied numbers, test numbers:
 * one secret, which this command reads, changes, checks by the schema of the functions themselves, and stores. It reads
 * no other secret, shows a number in full only when asked, and a code never.
 */
import { Advice } from '../local/advice.ts';
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
    --show                     … with whole numbers, and all of them
  sending everybody | returning-devices | nobody
                               the kill switch: who gets an SMS
  deny NUMBER                  refuses a number, or all that begin so: +919876543210, +9198765
  allow NUMBER                 takes it off again
  add-test-number NUMBER --until 2027-01-31
                               a number with a fixed code and no SMS; the code from a pipe, or typed unseen
    --per-day N                … so often a day (10, at most 20)
  remove-test-number NUMBER
  previous                     puts back the version before: for a value that is malformed, or a change that was wrong

${commonUsage}`;

const options = {
  ...commonOptions,
  show: { type: 'boolean', default: false },
  until: { type: 'string' },
  'per-day': { type: 'string' },
} as const;

type Options = ReturnType<typeof readArguments<typeof options>>['values'];

interface Command {
  /** How many words follow its name. */
  readonly words: 0 | 1;
  run(deployment: Deployment, word: string, values: Options): Promise<string>;
}

const now = (): number => Math.floor(Date.now() / 1000);
const isSending = (word: string): word is keyof typeof sendingMeans => Object.hasOwn(sendingMeans, word);
const takesEffect = 'Every worker obeys it within 65 seconds.';

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
          : ['Everybody else is answered 503 and told to wait for the next full hour.']),
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
        await confirm(yes, [`A prefix: it refuses ${count} numbers, as if each had spent its limits.`]);
      }
      await replaceControls(deployment, changed, current);
      return `${masked(entry)} is denied. ${takesEffect}`;
    },
  },
  allow: {
    words: 1,
    run: async (deployment, entry) => {
      const current = await readCurrent(deployment);
      await replaceControls(deployment, withoutDenied(controlsIn(current), entry), current);
      return `${masked(entry)} is not denied any longer. ${takesEffect}`;
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
      if (previous === undefined) throw new Advice('There is no version before.');
      const controls = controlsIn(previous);
      await confirm(yes, [
        'The version before becomes the current one:',
        `SMS go to ${sendingMeans[controls.sending]};`,
        `${controls.denied.length} denied, test numbers: ${controls.testNumbers.length}.`,
      ]);
      await makeCurrent(deployment, { to: previous.versionId, from: current.versionId });
      return `The version before is the current one. ${takesEffect}`;
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
