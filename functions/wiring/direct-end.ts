/** Wires the direct invocation that ends all sessions of a number. Whoever may invoke the function may do it. */
import * as v from 'valibot';
import { keyedHash } from '../otp/keyed-hash.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { sealedPhoneNumberSchema } from '../otp/sealed-phone-number.ts';
import { epochSeconds } from '../runtime/clock.ts';
import { report } from '../runtime/report.ts';
import { type EndedByOperator, endSessionsOf } from '../sessions/end-sessions-of.ts';
import { answerDeadlineMs } from '../settings/fixed-numbers.ts';
import { openSessionStore } from '../table/sessions-item.ts';
import type { SessionWorld } from './session-world.ts';

/**
 * What people invoke the function with, through IAM alone. The gateway puts everything of a caller into members of its
 * own, so none of its events has this one, and nothing else.
 */
const directEventSchema = v.strictObject({ endSessionsOf: sealedPhoneNumberSchema });

/** The number of a direct invocation; undefined for an event of the gateway. Throws for a number in another spelling. */
export function directNumber(event: unknown): PhoneNumber | undefined {
  const isDirect = typeof event === 'object' && event !== null && Object.hasOwn(event, 'endSessionsOf');
  if (!isDirect) return undefined;
  const parsed = v.safeParse(directEventSchema, event);
  if (!parsed.success)
    throw new TypeError('expected { "endSessionsOf": "+91" and ten digits }, and nothing else');
  return parsed.output.endSessionsOf;
}

/** Ends all sessions of a number, and says how many there were. Throws where the table did not answer. */
export async function endSessions(
  world: SessionWorld,
  phoneNumber: PhoneNumber,
  requestId: string,
): Promise<EndedByOperator> {
  const signal = AbortSignal.timeout(answerDeadlineMs);
  const keys = await world.identity.get({ signal });
  const store = openSessionStore(world.table, world.rules, signal);
  const { ended } = await endSessionsOf({ keys, store, now: epochSeconds }, phoneNumber);
  report({
    code: 'session.ended-by-operator',
    requestId,
    reason: String(ended),
    numberTag: keyedHash(keys.logTag, [phoneNumber]),
  });
  return { ended };
}
