/** The setting `session`, for tests that never fetch a key. */

const issuer = 'https://login.example.com';

/** A session of an issuer of the adopter's, asked for `purposes`. */
export function sessionFor(...purposes: string[]) {
  const algorithms = ['RS256' as const];
  return { issuer, audience: 'acme', jwksUrl: `${issuer}/keys`, algorithms, purposes };
}
