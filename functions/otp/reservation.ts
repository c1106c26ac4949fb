/** What a reserve leaves in the number's item, and what a release needs to undo it. */
import type { Reserve, Transition } from './challenge-store.ts';
import { type Challenge, isLive, type PhoneRecord } from './number-record.ts';

/** A reserve that has landed. */
export interface Reservation extends Reserve {
  /** The record that it replaced. Unknown when an earlier try of the same write landed. */
  readonly before: PhoneRecord | undefined;
  /** The challenge that became the earlier one, if it lives. */
  readonly other: Challenge | undefined;
  /** The number's sends, this one included, and its attempts: newest first. */
  readonly sent: readonly number[];
  readonly tried: readonly number[];
}

/** The reservation behind the table's answer, or `undefined` where it refused. A retried write may find itself there. */
export function landed(step: Reserve, { tag, record }: Transition): Reservation | undefined {
  const { id } = step.challenge;
  const { sent, tried, latest, earlier } = record;
  const living = (other: Challenge | undefined) => (isLive(other, step.now) ? other : undefined);
  if (tag === 'written') {
    return { ...step, before: record, other: living(latest), sent: [step.now, ...sent], tried };
  }
  if (![latest?.id, earlier?.id].includes(id)) return undefined;
  return { ...step, before: undefined, other: living(latest?.id === id ? earlier : undefined), sent, tried };
}
