/**
 * Turns the bytes of a body into a validated input. It refuses, in this order, a body above 4 KiB, another media type, bytes
 * that are not UTF-8, text that is not JSON or that two parsers may read differently, and whatever the schema does not allow.
 * The answer lists all errors at once. It names unknown members, and repeats no value.
 */
import * as v from 'valibot';
import { jsonFaults } from '../runtime/json-faults.ts';
import { decodeUtf8 } from '../runtime/utf8.ts';
import { maxBodyBytes } from '../settings/fixed-numbers.ts';
import { inOurWords } from '../settings/wording.ts';
import type { Answer } from './answer.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { problem, type RequestError } from './problem.ts';

export type Parsed<Input> =
  | { readonly tag: 'input'; readonly input: Input; readonly idempotencyKey: string | undefined }
  | { readonly tag: 'refused'; readonly answer: Answer };

/** Visible ASCII (RFC 5234, VCHAR), long enough not to be guessed or reused by accident. */
export const idempotencyKeySchema = v.optional(
  v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,64}$/, 'expected 16 to 64 visible ASCII characters')),
);

/** `application/json`, with or without parameters (RFC 9110, section 8.3.1). */
const mediaType = /^application\/json[ \t]*(;.*)?$/i;

/** Reads the body of `request` by `schema`, and its Idempotency-Key. */
export function parseJsonBody<Input>(
  request: GatewayRequest,
  schema: v.GenericSchema<unknown, Input>,
): Parsed<Input> {
  const { id, body, contentType } = request;
  if (body.length > maxBodyBytes) {
    return {
      tag: 'refused',
      answer: problem('body-too-large', id, { detail: `Send at most ${maxBodyBytes} bytes.` }),
    };
  }
  if (contentType === undefined || !mediaType.test(contentType)) {
    const detail = 'Send JSON, with the header Content-Type: application/json.';
    return { tag: 'refused', answer: problem('unsupported-media-type', id, { detail }) };
  }
  const value = decodeJson(body);
  if (value === undefined) return invalid(id, [{ pointer: '#', detail: 'expected JSON in UTF-8' }]);
  const input = v.safeParse(schema, value.json, inOurWords);
  const key = v.safeParse(idempotencyKeySchema, request.idempotencyKey, inOurWords);
  const faults = jsonFaults(value.text).map(({ path, detail }) => ({ pointer: pointerTo(path), detail }));
  if (input.success && key.success && faults.length === 0)
    return { tag: 'input', input: input.output, idempotencyKey: key.output };
  // The schema may see a number that does not fit, too; it is still one mistake.
  const wrong = (input.issues ?? [])
    .map(requestError)
    .filter(({ pointer }) => !faults.some((fault) => fault.pointer === pointer));
  const keyErrors = (key.issues ?? []).map(({ message }) => ({
    pointer: 'header/Idempotency-Key',
    detail: message,
  }));
  return invalid(id, [...faults, ...wrong, ...keyErrors]);
}

function invalid(id: string, errors: readonly RequestError[]): { tag: 'refused'; answer: Answer } {
  const detail = 'See errors: each names a member and what is expected there.';
  return { tag: 'refused', answer: problem('invalid-request', id, { detail, errors }) };
}

function decodeJson(bytes: Uint8Array): { readonly text: string; readonly json: unknown } | undefined {
  try {
    const text = decodeUtf8(bytes);
    return { text, json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The deepest pointer. No valid body is half as deep. A pointer into a deeper one names the enclosing member. */
const maxPointerDepth = 4;

/**
 * A JSON pointer (RFC 6901, section 6). It repeats the names of members, and nothing else that the client sent. Half a
 * surrogate pair in a name has no percent-encoding (RFC 3986), so U+FFFD replaces it.
 */
function pointerTo(path: readonly unknown[]): string {
  const names = path
    .slice(0, maxPointerDepth)
    .map((name) => String(name).slice(0, 64).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'));
  return ['#', ...names.map(encodeURIComponent)].join('/');
}

/** Names the member, not its value. */
function requestError(issue: v.BaseIssue<unknown>): RequestError {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const pointer = pointerTo(keys);
  if (issue.type !== 'strict_object') return { pointer, detail: issue.message };
  if (issue.expected === 'never') return { pointer, detail: 'unknown member' };
  if (keys.length === 0) return { pointer, detail: 'expected a JSON object' };
  // An object is missing something, or is none.
  return { pointer, detail: issue.expected === 'Object' ? issue.message : 'required' };
}
