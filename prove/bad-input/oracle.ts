/**
 * Decides which events are valid, independently of the functions: one condition after the other, written by hand from
 * docs/api.md. An event that the functions accept and this oracle refuses is a wrong accept.
 */
import { parsePhoneNumber } from 'libphonenumber-js/max';

type Route = 'request-otp' | 'verify-otp';

const maxBodyBytes = 4096;
const visible = /^[!-~]+$/;

/** Whether `event` is a well-formed request of `route`, in a deployment with these purposes. */
export function isGood(route: Route, event: unknown, purposes: readonly string[]): boolean {
  if (!isObject(event)) return false;
  const headers = isObject(event['headers']) ? event['headers'] : {};
  const bytes = bodyBytes(event);
  if (bytes.length > maxBodyBytes || !isJsonType(headers['content-type'])) return false;
  const body = parsed(bytes);
  if (
    !isObject(body) ||
    !hasEachMemberOnce(bytes.toString('utf8'), body) ||
    !isIdempotencyKey(headers['idempotency-key'])
  )
    return false;
  return route === 'request-otp' ? isRequest(body, purposes) : isVerify(body);
}

/** A good body is flat: outside of its texts it has one colon a member. */
function hasEachMemberOnce(text: string, body: object): boolean {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, '');
  return outside.split(':').length - 1 === Object.keys(body).length;
}

function isRequest(body: Readonly<Record<string, unknown>>, purposes: readonly string[]): boolean {
  const { phoneNumber, purpose, platform, locale, previousRequestId, ...others } = body;
  return (
    Object.keys(others).length === 0 &&
    isNumber(phoneNumber) &&
    (!has(body, 'purpose') || (typeof purpose === 'string' && purposes.includes(purpose))) &&
    (!has(body, 'platform') || platform === 'android' || platform === 'ios' || platform === 'web') &&
    (!has(body, 'locale') || isLocale(locale)) &&
    (!has(body, 'previousRequestId') || isRequestId(previousRequestId))
  );
}

function isVerify(body: Readonly<Record<string, unknown>>): boolean {
  const { requestId, code, ...others } = body;
  return Object.keys(others).length === 0 && isRequestId(requestId) && isDigits(code, 6);
}

const has = (body: object, name: string): boolean => Object.hasOwn(body, name);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDigits(value: unknown, count: number): boolean {
  return typeof value === 'string' && value.length === count && [...value].every((c) => c >= '0' && c <= '9');
}

function isNumber(value: unknown): boolean {
  if (typeof value !== 'string' || !value.startsWith('+91')) return false;
  const rest = value.slice(3);
  if (!isDigits(rest, 10) || !['6', '7', '8', '9'].includes(rest.charAt(0))) return false;
  return parsePhoneNumber(value).getType() !== 'FIXED_LINE';
}

/** A language, a script and a region, each in the one spelling of RFC 5646, section 2.1.1. */
function isLocale(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [language = '', ...others] = value.split('-');
  const script = others[0]?.length === 4 ? others.shift() : undefined;
  const region = others.shift();
  if (others.length > 0) return false;
  const isSpelled =
    language === language.toLowerCase() &&
    (script === undefined || script === script.charAt(0).toUpperCase() + script.slice(1).toLowerCase()) &&
    (region === undefined || region === region.toUpperCase());
  const isLetters = (text: string): boolean => [...text].every((c) => /[a-z]/i.test(c));
  return (
    isSpelled &&
    (language.length === 2 || language.length === 3) &&
    isLetters(language + (script ?? '')) &&
    (region === undefined || (region.length === 2 && isLetters(region)) || isDigits(region, 3))
  );
}

/** 47 bytes in canonical base64url. */
function isRequestId(value: unknown): boolean {
  if (typeof value !== 'string' || value.length !== 63) return false;
  const bytes = Buffer.from(value, 'base64url');
  return bytes.length === 47 && bytes.toString('base64url') === value;
}

function isIdempotencyKey(value: unknown): boolean {
  // A header that is no text is none: the gateway sends no other.
  if (typeof value !== 'string') return true;
  return value.length >= 16 && value.length <= 64 && visible.test(value);
}

function isJsonType(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const [type = '', ...parameters] = value.split(';');
  if (/[\r\n\u2028\u2029]/.test(parameters.join(';'))) return false;
  return type.replace(/[ \t]+$/, '').toLowerCase() === 'application/json';
}

function bodyBytes({ body, isBase64Encoded }: Readonly<Record<string, unknown>>): Buffer {
  if (typeof body !== 'string') return Buffer.alloc(0);
  return Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
}

function parsed(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
