/**
 * The signing keys, imported. A key is imported when it is first seen and kept while the set names it: importing
 * costs more than signing, and the set is read again every minute. A set without a key is a deployment whose first
 * rotation has not finished: not a value to keep, so the next request asks again.
 */
import { Unavailable } from '../otp/unavailable.ts';
import { importSigner, type Signer } from '../tokens/access-token.ts';
import { type SigningKeySet, signerAt } from '../tokens/signing-key-set.ts';

/** Gives the key that signs at a time (epoch seconds). */
type SignerAt = (now: number) => Promise<Signer>;

/** A reader of the set that imports each key once; `name` is the secret's, for the log. */
export function importingSigners(name: string, read: () => Promise<SigningKeySet>): () => Promise<SignerAt> {
  let imported: ReadonlyMap<string, Promise<Signer>> = new Map();
  return async () => {
    const set = await read();
    if (set.keys.length === 0) throw new Unavailable(name, 'empty');
    const signers = new Map(
      set.keys.map((key) => [key.kid, imported.get(key.kid) ?? importSigner(key)] as const),
    );
    await Promise.all(signers.values());
    imported = signers;
    return async (now) => {
      const signer = await signers.get(signerAt(set, now)?.kid ?? '');
      if (signer === undefined) throw new Unavailable(name, 'no active key');
      return signer;
    };
  };
}
