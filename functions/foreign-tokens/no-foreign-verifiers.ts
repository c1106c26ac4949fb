/** What stands in a bundle for `foreign-verifiers.ts` where the settings trust no foreign issuer: nothing to verify with. */
import type { ForeignVerifiers } from './foreign-verifiers.ts';

/** Verifiers that nobody calls; if somebody does, they let nobody in. */
export function openForeignVerifiers(): ForeignVerifiers {
  const nothing = async () => ({ tag: 'unavailable', reason: 'not in this bundle' }) as const;
  return () => ({ verifySession: nothing, verifyAttestation: nothing });
}
