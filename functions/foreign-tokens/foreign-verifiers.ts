/**
 * The verifiers of foreign tokens that the settings configure. Where the settings configure none, the bundles have
 * `no-foreign-verifiers.ts` in place of this file, and none of the code behind it.
 */
import type { Clock } from '../runtime/moment.ts';
import type { Settings } from '../settings/settings.ts';
import { openForeignKeys } from './foreign-keys.ts';
import {
  type ForeignIssuer,
  type ForeignVerdict,
  type ForeignVerifier,
  openForeignVerifier,
} from './foreign-token.ts';

/** Gives the verifiers of one request. Their fetches end with its signal. */
export type ForeignVerifiers = (signal: AbortSignal) => {
  readonly verifySession: (token: string) => Promise<ForeignVerdict>;
  readonly verifyAttestation: (token: string) => Promise<ForeignVerdict>;
};

/** Opens the verifiers. They fetch no key before the first need. */
export function openForeignVerifiers(
  { session, attestation }: Pick<Settings, 'session' | 'attestation'>,
  clock: Clock,
): ForeignVerifiers {
  const verifierOf = (issuer: ForeignIssuer | undefined): ForeignVerifier['verify'] => {
    if (issuer === undefined) return async () => ({ tag: 'unavailable', reason: 'not configured' });
    const keys = openForeignKeys(issuer.jwksUrl, clock);
    return openForeignVerifier(issuer, { keys, now: clock.wallSeconds }).verify;
  };
  const [ofSession, ofAttestation] = [verifierOf(session), verifierOf(attestation)];
  return (signal) => ({
    verifySession: (token) => ofSession(token, signal),
    verifyAttestation: (token) => ofAttestation(token, signal),
  });
}
