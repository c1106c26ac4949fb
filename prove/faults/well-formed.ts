/**
 * Whether an answer is one that an app can rely on: a success of the documented shape, or a problem document whose
 * parts agree with each other (RFC 9457). The gateway's own answers are none of ours, and a 500 is a fault.
 */
import * as v from 'valibot';
import type { Reply } from '../../test-kit/http.ts';

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{63}$/));
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0));
const wait = v.pipe(v.number(), v.integer(), v.minValue(1));

const reference = v.pipe(v.string(), v.regex(/^[2-9CDFHJKMNPQRTVWXY]{8}$/));

const accepted = v.strictObject({
  requestId: id,
  expiresInSeconds: seconds,
  resendAfterSeconds: seconds,
  codeLength: v.literal(6),
  delivery: v.picklist(['accepted', 'unconfirmed']),
  supportReference: reference,
});
const token = v.strictObject({
  accessToken: v.pipe(v.string(), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)),
  tokenType: v.literal('Bearer'),
  expiresInSeconds: seconds,
  deviceToken: v.optional(id),
  supportReference: reference,
});
const text = v.pipe(v.string(), v.minLength(1));
const problem = v.strictObject({
  type: v.pipe(v.string(), v.regex(/^urn:doorcode:[a-z-]+$/)),
  title: text,
  status: v.number(),
  detail: text,
  instance: text,
  supportReference: reference,
  errors: v.optional(v.array(v.strictObject({ pointer: text, detail: text }))),
  attemptsRemaining: v.optional(seconds),
  retryAfterSeconds: v.optional(wait),
  requestId: v.optional(id),
});

/** What is wrong with an answer of request-otp or verify-otp; undefined where nothing is. */
export function flawOf({ status, headers, json, text: body }: Reply): string | undefined {
  if (status === 202) return v.is(accepted, json) ? undefined : '202 of another shape';
  if (status === 200) return v.is(token, json) ? undefined : '200 of another shape';
  if (status >= 500 && status !== 503) return `status ${status}: ${body}`;
  if (headers['content-type'] !== 'application/problem+json') return `${status} is no problem document`;
  if (!v.is(problem, json)) return `${status} of another shape: ${body}`;
  if (json.status !== status) return `${status} says ${json.status}`;
  if (headers['cache-control'] !== 'no-store') return `${status} may be stored`;
  const retryAfter = headers['retry-after'];
  const told = json.retryAfterSeconds === undefined ? undefined : String(json.retryAfterSeconds);
  if (retryAfter !== told) return `Retry-After ${retryAfter} and retryAfterSeconds ${told}`;
  if ((status === 429 || status === 503) && told === undefined) return `${status} without a time to wait`;
  return undefined;
}
