/** An example API of the adopter, as in docs/app.md. It accepts the access token of a sign-in and nothing else. */
import { createRemoteJWKSet, jwtVerify } from 'jose';

export interface ProtectedApi {
  /** 200 with what the token says, or 401; `authorization` is the header's value. */
  answer(authorization: string | undefined): Promise<{ readonly status: 200 | 401; readonly body: object }>;
}

/** How far clocks may differ, in seconds. */
const leewaySeconds = 30;

/** Reads the keys of the issuer at `apiUrl` by itself; `now` is the stack's moved clock. */
export function openProtectedApi(apiUrl: string, now: () => Date): ProtectedApi {
  const keys = createRemoteJWKSet(new URL(`${apiUrl}/.well-known/jwks.json`));
  return {
    answer: async (authorization = '') => {
      const token = authorization.replace(/^Bearer /, '');
      const verified = await jwtVerify(token, keys, {
        issuer: apiUrl,
        audience: 'doorcode-app',
        algorithms: ['RS256'],
        clockTolerance: leewaySeconds,
        currentDate: now(),
      }).catch(() => undefined);
      if (verified?.payload['scope'] !== 'sign-in') return { status: 401, body: { message: 'Unauthorized' } };
      return { status: 200, body: { message: 'Hello', sub: verified.payload.sub } };
    },
  };
}
