/**
 * Wires the function of sessions: {@link openSession} runs once at cold start, the routes for each request. It holds no
 * decision of the flows.
 */
import * as v from 'valibot';
import type { SessionRequest } from '../http/session-endpoint.ts';
import type { Controls } from '../otp/controls.ts';
import { drawChallengeId } from '../otp/request-id.ts';
import { sealedPhoneNumberSchema } from '../otp/sealed-phone-number.ts';
import { clock, epochSeconds } from '../runtime/clock.ts';
import { parsedVariable, variable } from '../runtime/prepared.ts';
import { report } from '../runtime/report.ts';
import { reasonOf, Unavailable } from '../runtime/unavailable.ts';
import { cacheSecret } from '../secrets/cached-secret.ts';
import { readSessionSecret } from '../secrets/read-session-secret.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readControls,
  readSigningKeySet,
} from '../secrets/secret-readers.ts';
import { importingSigners } from '../secrets/signers.ts';
import { refreshTokenOf, sessionIdOf } from '../sessions/refresh-token.ts';
import { deriveKeysWithSessions } from '../sessions/session-keys.ts';
import type { SessionPorts } from '../sessions/session-ports.ts';
import { sessionRulesOf } from '../sessions/session-rules.ts';
import type { SecretVariable } from '../settings/environment.ts';
import { parseSettings } from '../settings/settings.ts';
import { openRehearsalTable } from '../table/rehearsal-table.ts';
import { itemWithSession, openSessionStore } from '../table/sessions-item.ts';
import { openTable } from '../table/table.ts';
import { parseIssuer } from '../tokens/issuer.ts';

const controlsSecretName = 'CONTROLS_SECRET_ARN';

/** What a worker keeps. */
export type SessionWorld = ReturnType<typeof openSession>;

/** One request to a route of sessions. */
export type AskedSession = SessionRequest<SessionWorld>;

/** Opens what a worker keeps; reads no secret yet. Throws where the settings have no sessions. */
export function openSession() {
  const client = connectSecretsManager();
  const secret = (name: SecretVariable) => ({ client, name, arn: variable(name) });
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  if (settings.sessions === 'off') throw new Unavailable('SETTINGS', 'sessions are off');
  const readSigners = importingSigners('SIGNING_SECRET_ARN', (signal) =>
    readSigningKeySet(secret('SIGNING_SECRET_ARN'), signal),
  );
  return {
    settings,
    rules: sessionRulesOf(settings.sessions),
    issuer: parsedVariable('ISSUER', parseIssuer),
    table: openTable(variable('TABLE_NAME')),
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), clock, deriveKeysWithSessions),
    secret: cacheSecret((signal) => readSessionSecret(secret('SESSION_SECRET_ARN'), signal), clock),
    signerAt: cacheSecret(readSigners, clock),
    controls: cacheSecret((signal) => {
      const onMalformed = () => tellControls('worker', 'malformed');
      return readControls(secret(controlsSecretName), { signal, onMalformed });
    }, clock),
  };
}

function tellControls(requestId: string, reason: string): void {
  report({ code: 'session.controls-unreadable', requestId, reason, dependency: controlsSecretName });
}

/** The controls; undefined where they cannot be read and no earlier ones are known. That denies nobody. */
async function controlsFor({ world, request, signal }: AskedSession): Promise<Controls | undefined> {
  const onFailed = (error: unknown): void => tellControls(request.id, reasonOf(error));
  return world.controls.get({ signal, onFailed }).catch(() => undefined);
}

/** The ports of one request. Every call behind them ends with its signal. */
export async function portsOf(asked: AskedSession): Promise<SessionPorts> {
  const { world, signal } = asked;
  const { settings, rules, table } = world;
  const [keys, secret, controls] = await Promise.all([
    world.identity.get({ signal }),
    world.secret.get({ signal }),
    controlsFor(asked),
  ]);
  const secretAgeSeconds = world.secret.ageSeconds();
  const store = openSessionStore(table, rules, signal);
  return { settings, rules, now: epochSeconds, keys, secret, secretAgeSeconds, controls, store };
}

/** The stand-ins for init's rehearsal: a refresh that does not reach the table, and a token of nobody's session. */
export async function sessionStage(
  world: SessionWorld,
  signal: AbortSignal,
): Promise<{ readonly world: SessionWorld; readonly form: string }> {
  const [keys, secret] = await Promise.all([world.identity.get({ signal }), world.secret.get({ signal })]);
  const now = epochSeconds();
  const phoneNumber = v.parse(sealedPhoneNumberSchema, '+916000000000');
  const token = { name: drawChallengeId(), lane: 'public', phoneNumber, generation: 0 } as const;
  const refreshToken = refreshTokenOf(keys, token, { secret, now });
  const table = openRehearsalTable(itemWithSession(sessionIdOf(keys, token.name), now));
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  return { world: { ...world, table }, form: form.toString() };
}
