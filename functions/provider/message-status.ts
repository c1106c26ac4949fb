/**
 * Reads what the provider says of an SMS that it took (`GET /messages/:id`). It has two spellings: `id … failureReason`, as
 * integrators meet it, and `messageId … error`, as documented. Only the status is read. The provider's own words about a
 * failure may hold anything, also the number, so they go nowhere.
 */
import * as v from 'valibot';
import type { Exchange } from '../otp/send-outcome.ts';

const statuses = ['initiated', 'queued', 'sent', 'delivered', 'failed', 'expired'] as const;

export type MessageStatus =
  | { readonly tag: 'told'; readonly status: (typeof statuses)[number] }
  /** The provider does not know the message. */
  | { readonly tag: 'unknown' }
  /** The provider refuses the key, did not answer, or said something else; or there is no key to ask with. */
  | { readonly tag: 'not-told'; readonly because: 'key' | 'no-key' | 'no-answer' | 'unclear' };

const text = v.optional(v.string());
const answerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    success: v.literal(true),
    data: v.object({ id: text, messageId: text, status: v.picklist(statuses) }),
  }),
);

/** The status of the message `messageId` in the answer of one exchange. */
export function readMessageStatus(exchange: Exchange, messageId: string): MessageStatus {
  if (exchange.tag !== 'answered') return { tag: 'not-told', because: 'no-answer' };
  if (exchange.status === 401) return { tag: 'not-told', because: 'key' };
  if (exchange.status === 404) return { tag: 'unknown' };
  const answer = v.safeParse(answerSchema, exchange.status === 200 ? exchange.body : undefined);
  if (!answer.success) return { tag: 'not-told', because: 'unclear' };
  const { id, messageId: documented, status } = answer.output.data;
  const isOfAnother = [id, documented].some((told) => told !== undefined && told !== messageId);
  return isOfAnother ? { tag: 'not-told', because: 'unclear' } : { tag: 'told', status };
}
