/** Replaces `foreign-verifiers.ts` in a bundle where the settings trust no foreign issuer. */
import type { ForeignVerifiers } from './foreign-verifiers.ts';

/** Verifiers that nobody calls. They would refuse every token. */
export function openForeignVerifiers(): ForeignVerifiers {
  const nothing = async () => ({ tag: 'unavailable', reason: 'not in this bundle' }) as const;
  return () => ({ verifySession: nothing, verifyAttestation: nothing });
}
