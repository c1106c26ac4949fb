/**
 * Which operation answers which problem. A new problem name does not compile until it is listed here. A test compares the
 * document with the answers of the local stack.
 */
import type { ProblemName } from '../../functions/http/problem.ts';

export type Operation =
  | 'requestOtp'
  | 'verifyOtp'
  | 'refresh'
  | 'revoke'
  | 'sessions'
  | 'discovery'
  | 'serverMetadata'
  | 'jwks';

const both = ['requestOtp', 'verifyOtp'] as const;
const ofSessions = ['refresh', 'revoke', 'sessions'] as const;
const wellKnown = ['discovery', 'serverMetadata', 'jwks'] as const;

/** Problems that an operation answers with one status, and the name that their union has in a generated client. */
export const unions = {
  CodeRefused: ['incorrect-code', 'expired-code'],
} as const satisfies Readonly<Record<string, readonly ProblemName[]>>;

export const refusedBy: Readonly<Record<ProblemName, readonly Operation[]>> = {
  // The two routes with a form answer as OAuth does.
  'invalid-request': [...both, 'sessions'],
  unauthorized: both,
  'app-not-attested': ['requestOtp'],
  denied: ['refresh'],
  'body-too-large': [...both, ...ofSessions],
  'unsupported-media-type': [...both, 'sessions'],
  'incorrect-code': ['verifyOtp'],
  'expired-code': ['verifyOtp'],
  'idempotency-mismatch': ['requestOtp'],
  'too-many-requests': ['requestOtp'],
  'too-many-attempts': ['verifyOtp'],
  'temporarily-unavailable': [...both, ...ofSessions, ...wellKnown],
  'internal-error': [...both, ...ofSessions, ...wellKnown],
  // The gateway answers for a path without a route.
  'not-found': [],
};
