/**
 * Checks AWS's Signature Version 4 as the services do, except for the age of the date: a worker signs by its own clock,
 * which tests and the page move. So an overheard request could be replayed. An attacker who can overhear loopback can
 * read the credentials as well.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../lib/sdk-stand-ins/node-sha256.ts';
import type { CredentialsOf } from './access-keys.ts';

/** A request and the service that it addresses. */
export interface SignedRequest {
  readonly incoming: IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
  readonly region: string;
  readonly service: string;
}

/** What the `Authorization` of a request claims. */
interface Claim {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly authorization: string;
}

const authorizationPattern =
  /^AWS4-HMAC-SHA256 Credential=([\w-]{1,128})\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$/;

/** Reads the claimed access key id and signature; undefined for a request without a signature. */
export function claimOf({ headers: { authorization } }: IncomingMessage): Claim | undefined {
  const [, accessKeyId, region, service, signedHeaders] =
    authorizationPattern.exec(authorization ?? '') ?? [];
  if (!authorization || !accessKeyId || !region || !service || !signedHeaders) return undefined;
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(';'), authorization };
}

/** Whether the claimed credentials signed exactly this request. */
export async function isSigned(
  claim: Claim,
  { incoming, url, body, region, service }: SignedRequest,
  credentialsOf: CredentialsOf,
): Promise<boolean> {
  const signingDate = dateOf(incoming);
  const signed = new Set(claim.signedHeaders);
  if (signingDate === undefined || claim.region !== region || claim.service !== service) return false;
  if (!mustBeSigned(incoming).every((name) => signed.has(name)) || !isBodyHash(incoming, body)) return false;
  const headers = Object.fromEntries(
    claim.signedHeaders.map((name) => [name, String(incoming.headers[name] ?? '')]),
  );
  const signer = new SignatureV4({
    credentials: credentialsOf(claim.accessKeyId),
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const { method = '' } = incoming;
  const { hostname, pathname: path } = url;
  const query = Object.fromEntries(url.searchParams);
  const again = await signer.sign(
    { protocol: 'http:', hostname, method, path, query, headers, body },
    { signingDate, signableHeaders: signed },
  );
  return areEqual(again.headers['authorization'] ?? '', claim.authorization);
}

/** AWS requires these headers in the signature where a request has them. Without the host it would be valid elsewhere. */
function mustBeSigned({ headers }: IncomingMessage): readonly string[] {
  return ['host', 'x-amz-date', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
}

/** The signature covers a hash header in place of the body, so that header must equal the body's hash. */
function isBodyHash({ headers }: IncomingMessage, body: Buffer): boolean {
  const told = headers['x-amz-content-sha256'];
  return told === undefined || told === createHash('sha256').update(body).digest('hex');
}

function dateOf({ headers }: IncomingMessage): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function areEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
