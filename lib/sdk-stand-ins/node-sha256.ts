/**
 * Stands in for `@smithy/core/checksum` in the bundles: SHA-256 and its HMAC by Node's OpenSSL, which is what the SDK
 * takes on Node too. Left out are its other checksums and its own SHA-256 in JavaScript, for machines without any.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

/** What the SDK hashes, and what it keys a hash with. */
type Source = string | ArrayBuffer | ArrayBufferView;

/** The SDK's name: a hash, or an HMAC when it is made with a secret. */
export class Sha256 {
  readonly digestLength = 32;
  readonly #secret: Source | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Source) {
    this.#secret = secret;
    this.#hash = start(secret);
  }

  update(part: Source): void {
    this.#hash.update(bytes(part));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = start(this.#secret);
  }
}

function start(secret: Source | undefined): Hash | Hmac {
  return secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
}

function bytes(source: Source): string | Uint8Array {
  if (typeof source === 'string') return source;
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
