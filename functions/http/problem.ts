/**
 * Problem documents (RFC 9457). Every refusal of ours is one. A client decides by `type`; `instance` is the gateway's id of
 * the request. `with-reference.ts` adds the support reference, as to every answer. No document tells which limit refused, or
 * what a dependency said.
 */
import { type Answer, noStore } from './answer.ts';

/** The status and the title of each name. */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A session is required' },
  'app-not-attested': { status: 403, title: 'The app is not attested' },
  denied: { status: 403, title: 'The number is denied' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'incorrect-code': { status: 422, title: 'The code is not right' },
  'expired-code': { status: 422, title: 'The code is no longer valid' },
  'idempotency-mismatch': { status: 422, title: 'The idempotency key belongs to another request' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'temporarily-unavailable': { status: 503, title: 'Temporarily unavailable' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
} as const;

/** The last part of `type`: `urn:doorcode:<name>`. */
export type ProblemName = keyof typeof problems;

/** One thing that is wrong with a request; never the value itself. */
export interface RequestError {
  /** A JSON pointer into the body (RFC 6901, as a URI fragment), or `header/<name>`. */
  readonly pointer: string;
  readonly detail: string;
}

interface Members {
  readonly detail: string;
  readonly errors?: readonly RequestError[];
  readonly attemptsRemaining?: number;
  /** Also sent as Retry-After (RFC 9110, section 10.2.3). */
  readonly retryAfterSeconds?: number;
  readonly requestId?: string;
  /**
   * For the routes whose clients read `error`: RFC 6749, section 5.2; RFC 8628, section 3.5, for `access_denied`. There are
   * libraries that take any JSON without it for a token.
   */
  readonly error?: 'access_denied' | 'invalid_request';
}

/** A refusal; `instance` is the gateway's id of the request. */
export function problem(name: ProblemName, instance: string, members: Members): Answer {
  const { status, title } = problems[name];
  const { retryAfterSeconds } = members;
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...noStore,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      // RFC 9110, section 15.5.2: a 401 names the scheme.
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify({ type: `urn:doorcode:${name}`, title, status, instance, ...members }),
  };
}
