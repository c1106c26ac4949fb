/** The public documents over HTTP. Clients may cache each for five minutes. */

import { report } from '../runtime/report.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import { openIdConfigurationPath } from '../tokens/discovery.ts';
import { type Answer, json } from './answer.ts';
import { problem } from './problem.ts';

const publicForFiveMinutes = { 'cache-control': 'public, max-age=300' };

/** Chooses by path; `jwks` is read only for the path that needs it. */
export async function wellKnownAnswer(
  { id, path }: { readonly id: string; readonly path: string },
  {
    documents,
    readJwks,
  }: {
    documents: Readonly<Record<string, object>>;
    readJwks: () => Promise<string | undefined>;
  },
): Promise<Answer> {
  if (path === '/.well-known/jwks.json') return jwksAnswer(await readJwks(), id);
  if (Object.hasOwn(documents, path)) return json(200, documents[path], publicForFiveMinutes);
  return problem('not-found', id, { detail: `See ${openIdConfigurationPath}.` });
}

function jwksAnswer(jwks: string | undefined, id: string): Answer {
  if (jwks === undefined) {
    report({ code: 'well-known.no-keys', requestId: id, status: 503 });
    const detail = 'No signing key was published yet; the rotation function does it at deployment.';
    return problem('temporarily-unavailable', id, { detail, retryAfterSeconds: retryAfterFaultSeconds });
  }
  const headers = { 'content-type': 'application/jwk-set+json', ...publicForFiveMinutes };
  return { statusCode: 200, headers, body: jwks };
}
