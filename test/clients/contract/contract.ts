/** The contract of both clients, as data: what each answer means, and what a phone does in each situation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const directory = join(import.meta.dirname, '../../../clients/contract');

const noticesSchema = v.strictObject({ request: v.string(), verify: v.string() });

const answerSchema = v.strictObject({
  name: v.string(),
  status: v.optional(v.number()),
  body: v.optional(v.unknown()),
  /** The server is not reached. */
  fails: v.optional(v.literal(true)),
  /** Nothing comes back. */
  hangs: v.optional(v.literal(true)),
  /** What each call ends in; absent where the answer makes no sense there. */
  request: v.optional(v.string()),
  verify: v.optional(v.string()),
  /** What the screens say, where it is not the call's own word. */
  notice: v.optional(noticesSchema),
  triedAgain: v.boolean(),
  /** Whether the next tap is a new request, with a new key. */
  endsRequest: v.optional(v.boolean()),
});

const contextSchema = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));

const stepSchema = v.strictObject({
  ask: v.optional(v.string()),
  resend: v.optional(v.string()),
  type: v.optional(v.string()),
  resume: v.optional(
    v.strictObject({
      number: v.optional(v.string()),
      purpose: v.optional(v.string()),
      context: v.optional(contextSchema),
    }),
  ),
  token: v.optional(v.literal(true)),
  restart: v.optional(v.literal(true)),
  /** Both clocks go on. */
  waitSeconds: v.optional(v.number()),
  /** Only the time of day goes on. */
  sleepSeconds: v.optional(v.number()),
  /** Somebody sets the time of day. */
  setClockSeconds: v.optional(v.number()),
  purpose: v.optional(v.string()),
  context: v.optional(contextSchema),
  /** The name of the answer; at each try. */
  meets: v.optional(v.string()),
  meetsBody: v.optional(v.strictObject({ status: v.number(), body: v.unknown() })),
  makesNoCall: v.optional(v.literal(true)),
  gives: v.optional(v.string()),
  /** Calls of one label have one idempotency key, calls of two labels have two. */
  key: v.optional(v.string()),
  device: v.optional(v.nullable(v.string())),
  /** The language that is asked for, as phones name it, and what of it is sent. */
  locale: v.optional(v.string()),
  sendsLocale: v.optional(v.nullable(v.string())),
  retryAfterSeconds: v.optional(v.number()),
  codeLength: v.optional(v.number()),
});

export type ContractAnswer = v.InferOutput<typeof answerSchema>;
export type ContractStep = v.InferOutput<typeof stepSchema>;

const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'));

export const answers = v.parse(v.array(answerSchema), read('answers.json'));

export const behaviours = v.parse(
  v.array(v.strictObject({ name: v.string(), steps: v.array(stepSchema) })),
  read('behaviours.json'),
);

/** The answer of a name; it has to be there. */
export function answerNamed(name: string): ContractAnswer {
  const answer = answers.find((one) => one.name === name);
  if (answer === undefined) throw new Error(`no answer is called ${name}`);
  return answer;
}
