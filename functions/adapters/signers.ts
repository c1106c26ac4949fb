/**
 * The signing keys, imported. A key is imported when it is first seen and kept while the set names it: importing
 * costs more than signing, and the set is read again every minute.
 */
import { importSigner, type Signer } from '../tokens/access-token.ts';
import { type SigningKeySet, signerAt } from '../tokens/signing-key-set.ts';

/** Gives the key that signs at a time (epoch seconds), if there is one yet. */
export type SignerAt = (now: number) => Promise<Signer> | undefined;

/** A reader of the set that imports each key once. */
export function importingSigners(read: () => Promise<SigningKeySet>): () => Promise<SignerAt> {
  let imported: ReadonlyMap<string, Promise<Signer>> = new Map();
  return async () => {
    const set = await read();
    const signers = new Map(
      set.keys.map((key) => [key.kid, imported.get(key.kid) ?? importSigner(key)] as const),
    );
    await Promise.all(signers.values());
    imported = signers;
    return (now) => {
      const key = signerAt(set, now);
      return key && signers.get(key.kid);
    };
  };
}
