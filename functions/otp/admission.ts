/**
 * Who is let in before anything is counted: the caller's own session where a purpose needs one, and the attestation of
 * the app where the settings ask for it. Both are tokens of foreign issuers; `foreign-tokens/foreign-token.ts` verifies them.
 *
 * An app says by `platform` which it is. A request that names none, or one that is not configured, is held to the
 * strictest mode of all, or leaving the platform out would be the way around.
 */
import type { ForeignVerdict } from '../foreign-tokens/foreign-token.ts';
import type { Settings } from '../settings/settings.ts';

/** The tokens that came, and how they are verified. */
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
  /** Writes a line to the log for a request that `require` would have refused, while it is only observed. */
  readonly tell: (code: 'request-otp.attestation-missing', reason: string) => void;
}

type Platform = 'android' | 'ios' | 'web';

/** What a request has to prove. */
interface Needs {
  readonly needsSession: boolean;
  /** The app that asks, where the request is one that an app has to be attested for. */
  readonly app?: { readonly platform: Platform | undefined };
}

/** `reason` is for the log alone. */
export type AdmissionRefusal =
  | { readonly tag: 'unauthorized'; readonly reason: string }
  | { readonly tag: 'app-not-attested'; readonly reason: string }
  | { readonly tag: 'keys-unavailable'; readonly reason: string };

type Admission =
  | { readonly tag: 'admitted'; readonly subject?: string | undefined; readonly isAttested: boolean }
  | AdmissionRefusal;

/** Admits the caller of one request, whose credentials it knows. Both flows ask it before they count anything. */
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

/** Whether the app is attested; a refusal where it has to be and is not. */
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
