/**
 * The signing keys, imported and proved. A key is imported when it is first seen and kept while the set holds it as it
 * was: importing costs more than signing, and the set is read again every minute. A set without a key is a deployment
 * whose first rotation has not finished: not a value to keep, so the next request asks again. A set with a key that
 * signs nothing valid is refused whole, and the last good one serves: its token would be refused everywhere.
 */
import { Unavailable } from '../runtime/unavailable.ts';
import { importSigner, type Signer } from '../tokens/access-token.ts';
import { type SigningKey, type SigningKeySet, signerAt } from '../tokens/signing-key-set.ts';

/** Gives the key that signs at a time (epoch seconds). */
type SignerAt = (now: number) => Promise<Signer>;

/** A reader of the set that imports each key once; `name` is the secret's, for the log. */
export function importingSigners(
  name: string,
  read: (signal: AbortSignal) => Promise<SigningKeySet>,
): (signal: AbortSignal) => Promise<SignerAt> {
  let imported: ReadonlyMap<string, Promise<Signer>> = new Map();
  return async (signal) => {
    const set = await read(signal);
    if (set.keys.length === 0) throw new Unavailable(name, 'empty');
    const signers = new Map(
      set.keys.map((key) => [nameOf(key), imported.get(nameOf(key)) ?? importSigner(key)] as const),
    );
    await Promise.all(signers.values()).catch(() => {
      throw new Unavailable(name, 'unusable');
    });
    imported = signers;
    return async (now) => {
      const key = signerAt(set, now);
      const signer = key && (await signers.get(nameOf(key)));
      if (signer === undefined) throw new Unavailable(name, 'no active key');
      return signer;
    };
  };
}

/** A name that is equal only for equal keys. The `kid` alone would stay equal for a key that was damaged meanwhile. */
function nameOf({ kid, jwk }: SigningKey): string {
  return JSON.stringify([kid, jwk]);
}
