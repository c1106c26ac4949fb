/**
 * Which operation answers which problem. A new problem name does not compile until it is listed here. A test compares the
 * document with the answers of the local stack.
 */
import type { ProblemName } from '../../functions/http/problem.ts';

export type Operation = 'requestOtp' | 'verifyOtp' | 'discovery' | 'jwks';

const both = ['requestOtp', 'verifyOtp'] as const;

export const refusedBy: Readonly<Record<ProblemName, readonly Operation[]>> = {
  'invalid-request': both,
  unauthorized: both,
  'app-not-attested': ['requestOtp'],
  // A refresh of a denied number, POST /auth/token.
  denied: [],
  'body-too-large': both,
  'unsupported-media-type': both,
  'incorrect-code': ['verifyOtp'],
  'expired-code': ['verifyOtp'],
  'idempotency-mismatch': ['requestOtp'],
  'too-many-requests': ['requestOtp'],
  'too-many-attempts': ['verifyOtp'],
  'temporarily-unavailable': ['requestOtp', 'verifyOtp', 'discovery', 'jwks'],
  'internal-error': ['requestOtp', 'verifyOtp', 'discovery', 'jwks'],
  // The gateway answers for a path without a route.
  'not-found': [],
};
