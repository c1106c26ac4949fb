/**
 * The signing keys, imported and proved. The worker reads the set every minute. It imports a key when it first sees it, and
 * keeps the import while the key stays in the set unchanged, because importing costs more than signing.
 *
 * The set has no key before the first rotation of a deployment has finished. The worker does not keep such a set, so the
 * next request reads it again. If one key of a set signs nothing valid, the worker refuses the whole set and goes on with the
 * last good one, because every API would refuse a token of that key.
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
