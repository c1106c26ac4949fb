/**
 * What the function may be asked, as the event of an invocation. No gateway event looks like it. `askedBy` is what the
 * command says of its caller: Lambda tells a function nothing about who invoked it.
 */
import * as v from 'valibot';
import { phoneNumberSchema } from '../otp/phone-number.ts';
import { type CallName, readCallName } from './call-name.ts';

/** An ARN, or a few words for the local stack. */
const askedBy = v.pipe(v.string(), v.regex(/^[\x20-\x7e]{1,256}$/));

const call = v.pipe(
  v.string(),
  v.maxLength(100),
  v.transform(readCallName),
  v.check((name) => name !== undefined),
  v.transform((name): CallName | undefined => name),
);

/** How far back the log may be searched. */
export const maxDays = 30;
const usualDays = 3;

const questionSchema = v.variant('ask', [
  v.pipe(
    v.strictObject({
      ask: v.literal('why'),
      call: v.optional(call),
      phoneNumber: v.optional(phoneNumberSchema),
      days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxDays)), usualDays),
      askedBy,
    }),
    v.check((question) => question.call !== undefined || question.phoneNumber !== undefined),
  ),
  v.strictObject({ ask: v.picklist(['held', 'forget']), phoneNumber: phoneNumberSchema, askedBy }),
]);

export type Question = v.InferOutput<typeof questionSchema>;

/** Reads an event. The error has nothing of it, because Lambda logs what a function throws. */
export function readQuestion(event: unknown): Question {
  const parsed = v.safeParse(questionSchema, event);
  if (!parsed.success) throw new TypeError('This is no question that support answers.');
  return parsed.output;
}
