/**
 * Who is let in before anything is counted: the caller's own session where a purpose needs one, and the attestation of
 * the app where the settings ask for it. Both are tokens of foreign issuers; `foreign-tokens/foreign-token.ts` verifies them.
 *
 * An app says by `platform` which it is. A request that names none, or one that is not configured, is held to the
 * strictest mode of all, or leaving the platform out would be the way around.
 */
import type { ForeignVerdict } from '../foreign-tokens/foreign-token.ts';
import type { Settings } from '../settings/settings.ts';
import { needsSession } from './caller.ts';

/** The tokens that came, and how they are verified. */
export interface Credentials {
  /** The header `Authorization` (RFC 6750, section 2.1). */
  readonly authorization: string | undefined;
  /** The header that the settings name for attestations. */
  readonly attestation?: string | undefined;
}

export interface AdmissionPorts {
  readonly settings: Pick<Settings, 'session' | 'attestation'>;
  readonly verifySession: (token: string) => Promise<ForeignVerdict>;
  readonly verifyAttestation: (token: string) => Promise<ForeignVerdict>;
  /** Told of a request that `require` would have refused, while it is only observed. */
  readonly onNotAttested: (reason: string) => void;
}

/** `reason` is for the log alone. */
export type AdmissionRefusal =
  | { readonly tag: 'unauthorized'; readonly reason: string }
  | { readonly tag: 'app-not-attested'; readonly reason: string }
  | { readonly tag: 'keys-unavailable'; readonly reason: string };

export type Admission =
  | { readonly tag: 'admitted'; readonly subject: string | undefined; readonly isAttested: boolean }
  | AdmissionRefusal;

type Platform = 'android' | 'ios' | 'web';

/** Admits a request for a code. */
export async function admitRequest(
  ports: AdmissionPorts,
  credentials: Credentials,
  { purpose, platform }: { readonly purpose: string; readonly platform?: Platform | undefined },
): Promise<Admission> {
  const attested = await attest(ports, credentials, platform);
  if (typeof attested !== 'boolean') return attested;
  if (!needsSession(ports.settings, purpose)) {
    return { tag: 'admitted', subject: undefined, isAttested: attested };
  }
  const session = await readSession(ports, credentials);
  return session.tag === 'session'
    ? { tag: 'admitted', subject: session.subject, isAttested: attested }
    : session;
}

/** The session that came, verified. */
export type SessionReading = { readonly tag: 'session'; readonly subject: string } | AdmissionRefusal;

/** Reads the caller's own session. */
export async function readSession(
  { verifySession }: Pick<AdmissionPorts, 'verifySession'>,
  { authorization }: Credentials,
): Promise<SessionReading> {
  if (authorization === undefined) return { tag: 'unauthorized', reason: 'session missing' };
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) return { tag: 'unauthorized', reason: 'session not a bearer token' };
  const verdict = await verifySession(token);
  switch (verdict.tag) {
    case 'valid':
      return { tag: 'session', subject: verdict.subject };
    case 'invalid':
      return { tag: 'unauthorized', reason: `session ${verdict.reason}` };
    case 'unavailable':
      return { tag: 'keys-unavailable', reason: `session ${verdict.reason}` };
  }
}

/** Whether the app is attested; a refusal where it has to be and is not. */
async function attest(
  { settings: { attestation }, verifyAttestation, onNotAttested }: AdmissionPorts,
  { attestation: token }: Credentials,
  platform: Platform | undefined,
): Promise<boolean | AdmissionRefusal> {
  if (attestation === undefined) return false;
  const named = platform && attestation.apps[platform];
  const apps = named ? [named] : Object.values(attestation.apps).filter((app) => app !== undefined);
  const mode = strictest(apps.map((app) => app.mode));
  if (mode === 'off') return false;
  const verdict: ForeignVerdict =
    token === undefined ? { tag: 'invalid', reason: 'missing' } : await verifyAttestation(token);
  const appIds = apps.flatMap((app) => app.appIds);
  if (verdict.tag === 'valid' && appIds.includes(verdict.subject)) return true;
  const reason = `attestation ${verdict.tag === 'valid' ? 'of another app' : verdict.reason}`;
  if (mode === 'observe') {
    onNotAttested(reason);
    return false;
  }
  return { tag: verdict.tag === 'unavailable' ? 'keys-unavailable' : 'app-not-attested', reason };
}

function strictest(modes: readonly ('off' | 'observe' | 'require')[]): 'off' | 'observe' | 'require' {
  return (['require', 'observe'] as const).find((mode) => modes.includes(mode)) ?? 'off';
}
