/** One example of each body. Every number, code, id and token in them is made up. */
import { type ProblemName, problems } from '../../functions/http/problem.ts';

const requestId = `mJ0pExampleOfARequestId${'0'.repeat(39)}A`;
const deviceToken = `dExampleOfADeviceToken${'0'.repeat(40)}A`;
const refreshToken = `AExampleOfARefreshToken${'0'.repeat(72)}A`;
const issuer = 'https://api.example.com';
const supportReference = 'K7MF29QX';

const metadata = {
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  token_endpoint: `${issuer}/auth/token`,
  revocation_endpoint: `${issuer}/auth/revoke`,
  grant_types_supported: ['refresh_token'],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
} as const;

export const bodyExamples = {
  requestOtp: { phoneNumber: '+919876543210', platform: 'android', locale: 'hi-IN' },
  verifyOtp: { requestId, code: '402961', session: { label: 'Pixel 9' } },
  refresh: {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    attempt: '5f0c7a52-3b64-4c27-9c1e-5a8f0d6e2b91',
  },
  revoke: { token: refreshToken },
  sessions: { refreshToken, end: 'others' },
} as const;

export const headerExamples = {
  idempotencyKey: '1f0c7a52-3b64-4c27-9c1e-5a8f0d6e2b91',
  deviceToken,
  requestRef: 'dGVzdC1yZXF1ZXN0LQ==',
  retryAfter: '27',
} as const;

export const answerExamples = {
  RequestOtpAccepted: {
    requestId,
    expiresInSeconds: 300,
    resendAfterSeconds: 30,
    codeLength: 6,
    delivery: 'accepted',
    supportReference,
  },
  Verified: {
    accessToken: 'header.claims.signature',
    tokenType: 'Bearer',
    expiresInSeconds: 3600,
    deviceToken,
    refreshToken,
    sessionExpiresInSeconds: 5_184_000,
    otherSessions: 1,
    supportReference,
  },
  Refreshed: {
    access_token: 'header.claims.signature',
    token_type: 'Bearer',
    expires_in: 900,
    refresh_token: refreshToken,
    scope: 'sign-in',
    supportReference: 'K7M3Q9TX',
  },
  Sessions: {
    sessions: [
      {
        id: 'g3fCRXDqD-rsZkHT',
        label: 'Pixel 9',
        begun: '2026-11-26',
        lastUsed: '2026-12-24',
        current: true,
      },
    ],
    supportReference: 'K7M3Q9TX',
  },
  OauthError: {
    error: 'invalid_grant',
    error_description: 'The refresh token is not valid, or no longer. Sign in again.',
    supportReference: 'K7M3Q9TX',
  },
  Discovery: {
    ...metadata,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  },
  ServerMetadata: metadata,
  Jwks: {
    keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'thumbprint-of-the-key', n: 'modulus', e: 'AQAB' }],
  },
  GatewayMessage: { message: 'Too Many Requests' },
} as const;

export const innerExamples = {
  RequestError: {
    pointer: '#/phoneNumber',
    detail:
      'expected +91 and the ten digits of an Indian mobile number, without spaces: a landline gets no SMS',
  },
  Session: answerExamples.Sessions.sessions[0],
  Jwk: answerExamples.Jwks.keys[0],
  EndWish: ['g3fCRXDqD-rsZkHT'],
  ContextValue: 499.5,
  SessionWish: { label: 'Pixel 9' },
};

const members: Partial<Record<ProblemName, object>> = {
  'invalid-request': { errors: [innerExamples.RequestError] },
  denied: { error: 'access_denied' },
  'incorrect-code': { attemptsRemaining: 3 },
  'too-many-requests': { retryAfterSeconds: 27 },
  'too-many-attempts': { retryAfterSeconds: 540 },
  'temporarily-unavailable': { retryAfterSeconds: 5 },
};

const details: Partial<Record<ProblemName, string>> = {
  'incorrect-code': 'Check the code in the SMS.',
  'expired-code': 'Ask for a new code.',
  'too-many-requests': 'Wait before asking for a code again.',
  'too-many-attempts': 'Wait before trying another code.',
};

/** A problem document of `name`. */
export function problemExample(name: ProblemName) {
  const { status, title } = problems[name];
  return {
    type: `urn:doorcode:${name}`,
    title,
    status,
    detail: details[name] ?? 'What to do about it, in one sentence.',
    instance: headerExamples.requestRef,
    supportReference,
    ...members[name],
  };
}
