/**
 * Admission, before a flow counts anything. It checks the caller's own session where a purpose needs one, and the
 * attestation of the app where the settings ask for it. Both are tokens of foreign issuers;
 * `foreign-tokens/foreign-token.ts` verifies them.
 *
 * An app names itself by `platform`. A request without a platform, or with one that is not configured, is held to the
 * strictest mode of all. Otherwise an attacker would leave the platform out.
 */
import type { ForeignVerdict } from '../foreign-tokens/foreign-token.ts';
import type { Settings } from '../settings/settings.ts';

/** The tokens that a request brought. */
export interface Credentials {
  /** The header `Authorization` (RFC 6750, section 2.1). */
  readonly authorization: string | undefined;
  /** The header that the settings name for attestations. */
  readonly attestation?: string | undefined;
}

interface Verifiers {
  readonly settings: Pick<Settings, 'attestation'>;
  readonly verifySession: (token: string) => Promise<ForeignVerdict>;
  readonly verifyAttestation: (token: string) => Promise<ForeignVerdict>;
  /** Logs a request that `require` would have refused, where the mode is `observe`. */
  readonly tell: (code: 'request-otp.attestation-missing', reason: string) => void;
}

type Platform = 'android' | 'ios' | 'web';

/** What a request must prove. */
interface Needs {
  readonly needsSession: boolean;
  /** The app that asks; set where the endpoint checks attestations. */
  readonly app?: { readonly platform: Platform | undefined };
}

/** Only the log gets `reason`. */
export type AdmissionRefusal =
  | { readonly tag: 'unauthorized'; readonly reason: string }
  | { readonly tag: 'app-not-attested'; readonly reason: string }
  | { readonly tag: 'keys-unavailable'; readonly reason: string };

type Admission =
  | { readonly tag: 'admitted'; readonly subject?: string | undefined; readonly isAttested: boolean }
  | AdmissionRefusal;

/** Admits the caller of one request. Both flows call it before they count anything. */
export type Admit = (needs: Needs) => Promise<Admission>;

/** The admission of the request that brought `credentials`. */
export function openAdmission(verifiers: Verifiers, credentials: Credentials): Admit {
  return async ({ needsSession, app }) => {
    const isAttested = app !== undefined && (await attest(verifiers, credentials, app.platform));
    if (typeof isAttested !== 'boolean') return isAttested;
    if (!needsSession) return { tag: 'admitted', isAttested };
    const session = await readSession(verifiers, credentials);
    return session.tag === 'session' ? { tag: 'admitted', subject: session.subject, isAttested } : session;
  };
}

async function readSession(
  { verifySession }: Verifiers,
  { authorization }: Credentials,
): Promise<{ readonly tag: 'session'; readonly subject: string } | AdmissionRefusal> {
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

/** Gives whether the app is attested, or a refusal where the mode requires it and it is not. */
async function attest(
  { settings: { attestation }, verifyAttestation, tell }: Verifiers,
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
    tell('request-otp.attestation-missing', reason);
    return false;
  }
  return { tag: verdict.tag === 'unavailable' ? 'keys-unavailable' : 'app-not-attested', reason };
}

function strictest(modes: readonly ('off' | 'observe' | 'require')[]): 'off' | 'observe' | 'require' {
  return (['require', 'observe'] as const).find((mode) => modes.includes(mode)) ?? 'off';
}
