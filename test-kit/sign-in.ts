/** Makes the two calls of an app to a local stack, and reads the code as the user does. */
import type { LocalStack } from '../local/local-stack.ts';
import { call, type Reply } from './http.ts';

export interface AskOptions {
  readonly idempotencyKey?: string;
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

const keyHeader = (idempotencyKey: string | undefined) =>
  idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };

/** Asks for a code. */
export function ask(stack: LocalStack, phoneNumber: string, options: AskOptions = {}): Promise<Reply> {
  const { idempotencyKey, from, headers, more } = options;
  return call(`${stack.apiUrl}/auth/request-otp`, {
    body: { phoneNumber, ...more },
    headers: { ...keyHeader(idempotencyKey), ...headers },
    ...(from === undefined ? {} : { from }),
  });
}

/** Types a code in. */
export function type(
  stack: LocalStack,
  requestId: string,
  code: string,
  idempotencyKey?: string,
): Promise<Reply> {
  return call(`${stack.apiUrl}/auth/verify-otp`, {
    body: { requestId, code },
    headers: keyHeader(idempotencyKey),
  });
}

/** The code of the newest SMS to a number. */
export function codeFor(stack: LocalStack, phoneNumber: string): string {
  const send = stack.provider.sends.findLast((s) => s.phoneNumber === phoneNumber);
  if (send === undefined) throw new Error('no SMS came');
  return send.code;
}

/** How many SMS a number got. */
export function smsTo(stack: LocalStack, phoneNumber: string): number {
  return stack.provider.sends.filter((send) => send.phoneNumber === phoneNumber).length;
}

/** A code that is not `code`. */
export function otherThan(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

let next = 0;

/** A number that no test has used yet. */
export function freshNumber(): string {
  next += 1;
  return `+91${9_000_000_000 + next}`;
}
