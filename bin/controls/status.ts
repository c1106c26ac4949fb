/** `controls status`: what is set, whom it affects, and what to do next. */
import { type Controls, isDenied, type TestNumber, testNumberEndsAt } from '../../functions/otp/controls.ts';
import { guessableBecause } from '../../functions/otp/guessable-code.ts';
import { endOfDay } from '../../functions/settings/end-of-day.ts';
import type { Deployment } from '../command/deployment.ts';
import { controlsIn, readCurrent } from './controls-secret.ts';
import { masked } from './masked.ts';

/** The list stops here, because more entries would push the rest off the screen. */
const maxShown = 20;
const daySeconds = 86_400;

interface Showing {
  /** Shows every number, unmasked. */
  readonly isWhole: boolean;
  /** Epoch seconds. */
  readonly now: number;
}

/** The whole report. Throws `Advice` where the controls are malformed. */
export async function status(deployment: Deployment, { isWhole, now }: Showing): Promise<string> {
  const current = await readCurrent(deployment);
  const controls = controlsIn(current);
  const { denied, testNumbers } = controls;
  const shown = (entry: string): string => (isWhole ? entry : masked(entry));
  const listed = isWhole ? denied : denied.slice(0, maxShown);
  return [
    `Controls of ${deployment.name}`,
    `  version ${current.versionId.slice(0, 8)}, stored ${new Date(current.storedAt * 1000).toISOString()}`,
    '',
    `Sending: ${sendingMeans[controls.sending]}`,
    '',
    `Denied: ${denied.length === 0 ? 'nobody' : denied.length}`,
    ...listed.map((entry) => `  ${shown(entry)}`),
    ...(denied.length > listed.length ? [`  and ${denied.length - listed.length} more: --show`] : []),
    '',
    `Test numbers: ${testNumbers.length === 0 ? 'none' : testNumbers.length}`,
    `  this deployment takes ${taken(deployment, now)}`,
    ...testNumbers.map(
      (test) => `  ${shown(test.phoneNumber)}  ${stateOf(test, controls, { deployment, now })}`,
    ),
    '',
    ...adviceOn(controls, deployment, now).map(
      (sentence, i) => `${i === 0 ? 'Next: ' : '      '}${sentence}`,
    ),
  ].join('\n');
}

/** The meaning of each position of the kill switch. */
export const sendingMeans: Readonly<Record<Controls['sending'], string>> = {
  everybody: 'everybody, within the limits',
  'returning-devices': 'RETURNING DEVICES ALONE: new devices and test numbers get no code',
  nobody: 'NOBODY: workers send no SMS and refuse test numbers; codes already sent still work',
};

type Taking = Pick<Deployment, 'testNumbersUntil'>;

function taken({ testNumbersUntil }: Taking, now: number): string {
  if (testNumbersUntil === undefined) return 'none (setting testNumbersUntil)';
  if (endOfDay(testNumbersUntil) <= now) return `none since the end of ${testNumbersUntil}`;
  return `them until the end of ${testNumbersUntil} (UTC)`;
}

interface Judging {
  readonly deployment: Taking;
  /** Epoch seconds. */
  readonly now: number;
}

function stateOf(test: TestNumber, controls: Controls, { deployment, now }: Judging): string {
  return `until ${test.until}, ${test.perDay} a day, ${workOf(test, controls, { deployment, now })}`;
}

/** Whether the test number works, checked in the order of the worker. */
function workOf(test: TestNumber, controls: Controls, { deployment, now }: Judging): string {
  const because = guessableBecause(test);
  if (because !== undefined) return `IGNORED: its code is ${because}`;
  if (isDenied(controls, test.phoneNumber)) return 'REFUSED: denied';
  const left = Math.ceil((testNumberEndsAt(deployment, test) - now) / daySeconds);
  return left > 0 ? `${left} day${left === 1 ? '' : 's'} left` : 'REFUSED: over, or not taken';
}

function adviceOn(controls: Controls, deployment: Taking, now: number): readonly string[] {
  const { sending, testNumbers } = controls;
  const over = testNumbers.filter((test) => testNumberEndsAt(deployment, test) <= now);
  const ignored = testNumbers.filter((test) => guessableBecause(test) !== undefined);
  const advice = [
    ...(sending === 'everybody' ? [] : ['When the incident is over, run sending everybody.']),
    ...(over.length === 0 ? [] : ['Remove the refused test numbers: remove-test-number.']),
    ...(ignored.length === 0
      ? []
      : ['Remove the ignored test numbers, and add them again with random codes.']),
  ];
  return advice.length > 0 ? advice : ['Nothing to do.'];
}
