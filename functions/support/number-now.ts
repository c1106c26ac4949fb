/** What the items of a number say now: until when which limit refuses it, and which code still lives. */
import { bindingLimit, remaining, waitSeconds } from '../limits/sliding-window.ts';
import { liveChallenges } from '../otp/number-record.ts';
import type { Settings } from '../settings/settings.ts';
import { readPhoneRecord } from '../table/number-item.ts';
import type { NumberItems } from '../table/number-items.ts';
import { limitWords, moment } from './words.ts';

type Limits = Pick<Settings, 'sendLimits' | 'attemptLimits'>;

/** A device that has signed in before has limits of its own. */
const callers = { public: '', device: ', for a known device' } as const;

/** One sentence for each lane with an item. A test number has none: its limits stand in the controls. */
export function numberNow(items: NumberItems, limits: Limits, now: number): readonly string[] {
  const lanes = (['public', 'device'] as const).filter((lane) => items[lane] !== undefined);
  if (lanes.length === 0) return ['Now: the table holds nothing of this number, so no limit refuses it.'];
  return lanes.map((lane) => {
    const record = readPhoneRecord(items[lane]);
    const { sent, tried } = record;
    const { sendLimits, attemptLimits } = limits;
    const sends = bindingLimit(sendLimits, sent, now);
    const attempts = bindingLimit(attemptLimits, tried, now);
    const [live] = liveChallenges(record, now);
    const parts = [
      sends === undefined
        ? 'an SMS can be asked for'
        : `an SMS can be asked for on ${moment(now + waitSeconds(sendLimits, sent, now))} (${limitWords(sends)})`,
      attempts === undefined
        ? `guesses left: ${remaining(attemptLimits, tried, now)}`
        : `a code can be typed in on ${moment(now + waitSeconds(attemptLimits, tried, now))} (${limitWords(attempts)})`,
      live === undefined ? 'no code is open' : `a code is open until ${moment(live.expiresAt)}`,
    ];
    return `Now${callers[lane]}: ${parts.join('; ')}.`;
  });
}
