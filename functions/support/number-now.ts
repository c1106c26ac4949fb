/** What the items of a number say now: until when which limit refuses it, and which code still lives. */
import { bindingLimit, remaining, waitSeconds } from '../limits/sliding-window.ts';
import { liveChallenges } from '../otp/number-record.ts';
import type { Settings } from '../settings/settings.ts';
import { readPhoneRecord } from '../table/number-item.ts';
import type { NumberItems } from '../table/number-items.ts';
import type { Item } from '../table/table.ts';
import { limitWords, moment } from './words.ts';

type Limits = Pick<Settings, 'sendLimits' | 'attemptLimits'>;

/** A device that has signed in before has limits of its own. */
const callers = { public: '', device: ', for a known device' } as const;

const nothing =
  'Now: the table holds no sends and no guesses of this number, so no limit of its own refuses it.';
const asTest =
  'Now: it was used as a test number, which has limits of its own. Whether it still is one: npm run controls -- status';

/** One sentence for each lane with an item. The limits of a test number stand in the controls. */
export function numberNow(items: NumberItems, limits: Limits, now: number): readonly string[] {
  const lanes = (['public', 'device'] as const).filter((lane) => items[lane] !== undefined);
  const isTest = items.test !== undefined;
  if (lanes.length === 0 && !isTest) return [nothing];
  const lines = lanes.map((lane) => `Now${callers[lane]}: ${laneWords(items[lane], limits, now)}.`);
  return [...lines, ...(isTest ? [asTest] : [])];
}

function laneWords(item: Item | undefined, { sendLimits, attemptLimits }: Limits, now: number): string {
  const record = readPhoneRecord(item);
  const { sent, tried } = record;
  const sends = bindingLimit(sendLimits, sent, now);
  const attempts = bindingLimit(attemptLimits, tried, now);
  const [live] = liveChallenges(record, now);
  return [
    sends === undefined
      ? 'an SMS can be asked for'
      : `an SMS can be asked for on ${moment(now + waitSeconds(sendLimits, sent, now))} (${limitWords(sends)})`,
    attempts === undefined
      ? `guesses left: ${remaining(attemptLimits, tried, now)}`
      : `a code can be typed in on ${moment(now + waitSeconds(attemptLimits, tried, now))} (${limitWords(attempts)})`,
    live === undefined ? 'no code is open' : `a code is open until ${moment(live.expiresAt)}`,
  ].join('; ');
}
