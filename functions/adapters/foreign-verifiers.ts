/**
 * The verifiers of foreign tokens that the settings ask for. A deployment whose settings ask for none gets
 * `no-foreign-verifiers.ts` in its bundles instead of this file, and with it none of the code behind it.
 */
import type { AdmissionPorts } from '../otp/admission.ts';
import type { Settings } from '../otp/settings.ts';
import { type ForeignIssuer, openForeignVerifier } from '../tokens/foreign-token.ts';
import { openForeignKeys } from './foreign-keys.ts';

export type ForeignVerifiers = Pick<AdmissionPorts, 'verifySession' | 'verifyAttestation'>;

/** Opens them; no key is fetched before it is needed. `now` gives epoch seconds. */
export function openForeignVerifiers(
  { session, attestation }: Pick<Settings, 'session' | 'attestation'>,
  now: () => number,
): ForeignVerifiers {
  const verifierOf = (issuer: ForeignIssuer | undefined): AdmissionPorts['verifySession'] => {
    if (issuer === undefined) return async () => ({ tag: 'unavailable', reason: 'not configured' });
    const verifier = openForeignVerifier(issuer, { keys: openForeignKeys(issuer.jwksUrl, now), now });
    return (token) => verifier.verify(token);
  };
  return { verifySession: verifierOf(session), verifyAttestation: verifierOf(attestation) };
}
