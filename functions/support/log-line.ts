/** One decision, as it stands in the log of a function. */
import * as v from 'valibot';

const text = v.optional(v.string());
const whole = v.optional(v.pipe(v.number(), v.integer()));

/** Lambda's JSON log format, with a decision of ours as `message` (`runtime/report.ts`). */
const lineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    message: v.object({
      code: v.string(),
      requestId: v.string(),
      supportReference: text,
      status: whole,
      retryAfterSeconds: whole,
      reason: text,
      dependency: text,
      numberTag: text,
      messageId: text,
    }),
  }),
  v.transform(({ timestamp, message }) => ({ ...message, at: Math.floor(Date.parse(timestamp) / 1000) })),
);

/** A decision; `at` is epoch seconds. The line that answered a call has a `status`, others of the call have none. */
export type LogLine = Readonly<v.InferOutput<typeof lineSchema>>;

/** What the app wanted with a call. A code that several functions log counts as a call for an SMS. */
export function wishOf({ code }: Pick<LogLine, 'code'>): 'sms' | 'verify' | 'session' {
  if (code.startsWith('verify-otp.')) return 'verify';
  return code.startsWith('session.') ? 'session' : 'sms';
}

/** The decision in a line; undefined for metrics and for the runtime's own lines. */
export function readLogLine(line: string): LogLine | undefined {
  const parsed = v.safeParse(lineSchema, line);
  return parsed.success ? parsed.output : undefined;
}
