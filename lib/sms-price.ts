/** What an SMS costs, for the cost of the day on dashboard and alarm. */
import type { MessageCode } from '../functions/http/message-codes.ts';

/** Rupees per SMS on StartMessaging's shared route, by its price list; Rs 0.18 on a DLT route of one's own. */
export const smsPriceRupees = 0.25;

/** The outcomes after which an SMS is, or may be, paid for: the cost is at most what these make it. */
export const paidOutcomes = [
  'request-otp.sent',
  'request-otp.unconfirmed',
  'request-otp.provider-failed',
] as const satisfies readonly MessageCode[];
