/**
 * AWS Signature Version 4 for one request with a body in memory. Nothing else of the standard: no presigned URLs, no
 * chunks, no asymmetric keys. The path is `/` and the query empty for the JSON protocols, so nothing is escaped here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Signing {
  readonly method: string;
  /** Already escaped. */
  readonly path: string;
  /** Already escaped and sorted; without the question mark. */
  readonly query: string;
  /** All that are signed, in lower case, `host` and `x-amz-date` among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly region: string;
  readonly service: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** The value of the header `authorization`. */
export function authorization(credentials: Credentials, signing: Signing): string {
  const { method, path, query, headers, body, region, service } = signing;
  const names = Object.keys(headers).toSorted();
  const signedHeaders = names.join(';');
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]?.trim()}\n`).join('');
  const canonical = [method, path, query, canonicalHeaders, signedHeaders, sha256(body)].join('\n');
  const at = headers['x-amz-date'] ?? '';
  const date = at.slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = signingKey(credentials.secretAccessKey, [date, region, service]);
  const signature = hmac(key, [algorithm, at, scope, sha256(canonical)].join('\n')).toString('hex');
  return `${algorithm} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** The last key of each service: it changes once a day. */
const keys = new Map<string, { readonly of: string; readonly key: Buffer }>();

function signingKey(secret: string, scope: readonly [date: string, region: string, service: string]): Buffer {
  const of = [secret, ...scope].join('/');
  const known = keys.get(scope[2]);
  if (known?.of === of) return known.key;
  const key = [...scope, 'aws4_request'].reduce(
    (previous: string | Buffer, part) => hmac(previous, part),
    `AWS4${secret}`,
  );
  const made = Buffer.from(key);
  keys.set(scope[2], { of, key: made });
  return made;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
