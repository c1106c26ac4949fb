/** What the doctor makes of the documents of an issuer. */
import { describe, expect, it } from 'vitest';
import type { Examination } from '../../doctor/check.ts';
import { issuerCheck } from '../../doctor/checks/issuer.ts';
import type { Answered } from '../../doctor/probes.ts';

const issuer = 'https://auth.example.com';
const answer = (json: unknown, { status = 200, tookMs = 100 } = {}): Answered => ({
  tag: 'answer',
  status,
  contentType: 'application/json',
  gatewayId: 'id',
  json,
  tookMs,
});
const document = { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` };
const key = { kty: 'RSA', kid: 'k', n: 'n', e: 'AQAB' };

interface Seen {
  readonly discovery?: Answered;
  readonly jwks?: Answered;
}

async function told({ discovery = answer(document), jwks = answer({ keys: [key] }) }: Seen): Promise<string> {
  const probes = { discovery: [discovery, discovery, discovery], jwks: [jwks, answer({ keys: [key] })] };
  const examination = { addresses: { apiUrl: issuer, issuer }, probes, authorizerMs: 1_500 };
  const findings = await issuerCheck.look(examination as unknown as Examination);
  return findings.map((finding) => (finding.tag === 'untold' ? finding.reason : finding.text)).join('\n');
}

describe('an issuer', () => {
  it('is ok with its documents and a key', async () => {
    expect(await told({})).toBe(`${issuer} publishes 1 signing key; slowest of 5 fetches 100 ms`);
  });

  it.each<[string, Seen, RegExp]>([
    ['does not answer', { discovery: { tag: 'none', reason: 'ENOTFOUND' } }, /does not answer \(ENOTFOUND\)/],
    ['has no key yet', { jwks: answer({}, { status: 503 }) }, /well-known routes with 503/],
    ['publishes an empty list', { jwks: answer({ keys: [] }) }, /No signing key is published/],
    ['publishes no JSON', { jwks: answer(undefined) }, /No signing key is published/],
    ['publishes a private key', { jwks: answer({ keys: [{ ...key, d: 'd' }] }) }, /not a public RSA key/],
    [
      'publishes a key without a kid',
      { jwks: answer({ keys: [{ ...key, kid: undefined }] }) },
      /not a public RSA key/,
    ],
    [
      'names another',
      { discovery: answer({ ...document, issuer: `${issuer}/` }) },
      /names the issuer \S+\/, not/,
    ],
    [
      'has its keys elsewhere',
      { discovery: answer({ ...document, jwks_uri: 'https://x' }) },
      /puts the keys at https:\/\/x/,
    ],
    [
      'is slower than an authorizer waits',
      { jwks: answer({ keys: [key] }, { tookMs: 1_500 }) },
      /took 1500 ms; .* waits 1500 ms/,
    ],
  ])('is wrong where it %s', async (_, seen, text) => {
    expect(await told(seen)).toMatch(text);
  });
});
