/**
 * The issuer, as a verifier sees it: discovery and JWKS, fast enough for API Gateway's authorizer, which waits 1.5 s.
 * The three fetches of each take turns with nothing, so the first one may meet a cold start.
 */
import type { Check } from '../check.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import { type Answered, kidsIn } from '../probes.ts';

export const issuerCheck: Check = {
  name: 'issuer',
  rights: () => [],
  look: async ({ addresses: { issuer }, probes: { discovery, jwks }, authorizerMs }) => {
    const documents = [...discovery, ...jwks];
    const failed = documents.find((document) => document.tag === 'none');
    const refused = documents.find((document) => document.tag === 'answer' && document.status !== 200);
    if (failed?.tag === 'none')
      return [
        wrong(
          `${issuer} does not answer (${failed.reason}).`,
          'Check its DNS record and certificate (check domain), and the network of this machine.',
        ),
      ];
    if (refused?.tag === 'answer')
      return [
        wrong(
          `${issuer} answers its well-known routes with ${refused.status}.`,
          refused.status === 404 || refused.status === 503
            ? 'Without a signing key: npm run keys -- rotate-signing, or add --wait right after a deployment. Otherwise read the log of the well-known function.'
            : 'Read the log of the well-known function.',
        ),
      ];
    const slowestMs = Math.max(
      ...documents.map((document) => (document.tag === 'answer' ? document.tookMs : 0)),
    );
    const problems = [
      ...discovery.slice(0, 1).flatMap((document) => mistakesOf(document, issuer)),
      ...keyProblems(jwks[0]),
      ...(slowestMs < authorizerMs
        ? []
        : [
            wrong(
              `The slowest of ${documents.length} fetches took ${slowestMs} ms; API Gateway's authorizer waits ${authorizerMs} ms.`,
              'Run this again from a machine near the region. If it stays slow, read the REPORT lines of the well-known function.',
            ),
          ]),
    ];
    const kids = kidsIn(jwks[0]).length;
    return unless(
      problems,
      `${issuer} publishes ${kids} signing key${kids === 1 ? '' : 's'}; slowest of ${documents.length} fetches ${slowestMs} ms`,
    );
  },
};

/** OpenID Connect Discovery 1.0, section 4.3: the issuer of the document must be the one that was asked, byte for byte. */
function mistakesOf(document: Answered, issuer: string): readonly Problem[] {
  const { issuer: said, jwks_uri: jwksUri } = Object(document.tag === 'answer' ? document.json : undefined);
  return [
    ...(said === issuer
      ? []
      : [
          wrong(
            `The discovery document names the issuer ${String(said)}, not ${issuer}.`,
            'Check what else answers at this address, such as an old stack or a proxy.',
          ),
        ]),
    ...(jwksUri === `${issuer}/.well-known/jwks.json`
      ? []
      : [
          wrong(
            `The discovery document puts the keys at ${String(jwksUri)}.`,
            'Check what else answers at this address, such as an old stack or a proxy.',
          ),
        ]),
  ];
}

function keyProblems(jwks: Answered | undefined): readonly Problem[] {
  const { keys } = Object(jwks?.tag === 'answer' ? jwks.json : undefined);
  if (!Array.isArray(keys) || keys.length === 0)
    return [wrong('No signing key is published.', 'Run npm run keys -- rotate-signing.')];
  const isPublic = keys.every((key) => {
    const { kty, kid, n, d } = Object(key);
    return kty === 'RSA' && typeof kid === 'string' && typeof n === 'string' && d === undefined;
  });
  return isPublic
    ? []
    : [
        wrong(
          'A published key is not a public RSA key with a kid.',
          'Run npm run keys -- rotate-signing --now.',
        ),
      ];
}
