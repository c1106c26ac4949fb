/**
 * The flows of sessions over a real table server, with a clock that the test moves and a session secret that it rotates.
 * The flows, the store and its expressions are the real ones.
 */
import * as v from 'valibot';
import type { Lane } from '../functions/limits/lane.ts';
import { type Controls, parseControls } from '../functions/otp/controls.ts';
import { type PhoneNumber, phoneNumberSchema } from '../functions/otp/phone-number.ts';
import { drawChallengeId } from '../functions/otp/request-id.ts';
import { endSessionsOf } from '../functions/sessions/end-sessions-of.ts';
import { listSessions } from '../functions/sessions/list-sessions.ts';
import { type Refresh, refreshSession } from '../functions/sessions/refresh-session.ts';
import { revokeSession } from '../functions/sessions/revoke-session.ts';
import { deriveKeysWithSessions, sessionsKeyOf } from '../functions/sessions/session-keys.ts';
import type { EndWish, SessionPorts, SessionWin, StartOutcome } from '../functions/sessions/session-ports.ts';
import { sessionRulesOf } from '../functions/sessions/session-rules.ts';
import { type SessionSecret, sessionSecretVersion } from '../functions/sessions/session-secret.ts';
import type { SessionStore } from '../functions/sessions/session-store.ts';
import { startSession } from '../functions/sessions/start-session.ts';
import { parseSettings, type SettingsInput } from '../functions/settings/settings.ts';
import { openSessionStore, readSessions, sessionsItemKey } from '../functions/table/sessions-item.ts';
import type { TestTable } from './test-table.ts';

const signal = new AbortController().signal;

export type SessionFlow = ReturnType<typeof startSessionFlow>;

/** A version of the session secret whose value follows from its id. */
export function secretVersion(versionId: string, createdAt: number) {
  return sessionSecretVersion({ versionId, value: versionId.padEnd(64, 's'), createdAt });
}

/** Starts at a time that is no midnight, with a session secret that is a day old. */
export function startSessionFlow(
  table: TestTable,
  overrides: Partial<SettingsInput> = {},
  identitySecret = `${Math.random()}`.padEnd(64, 'i'),
) {
  const settings = parseSettings({ appName: 'Acme', audience: 'acme-app', ...overrides });
  if (settings.sessions === 'off') throw new Error('expected settings with sessions');
  const keys = deriveKeysWithSessions(identitySecret);
  const start = 1_800_000_100;
  const state = {
    now: start,
    rules: sessionRulesOf(settings.sessions),
    secret: { current: secretVersion('first', start - 86_400), previous: undefined } as SessionSecret,
    secretAgeSeconds: 0,
    controls: parseControls('{}') as Controls | undefined,
    /** What stands in front of the real store. */
    around: (store: SessionStore): SessionStore => store,
  };
  const now = (): number => state.now;
  const ports = (): SessionPorts => ({
    settings,
    rules: state.rules,
    now,
    keys,
    secret: state.secret,
    secretAgeSeconds: state.secretAgeSeconds,
    controls: state.controls,
    store: state.around(openSessionStore(table, state.rules, signal)),
  });
  const phone = (number: string): PhoneNumber => v.parse(phoneNumberSchema, number);
  const itemKey = (number: string, lane: Lane = 'public'): string =>
    sessionsItemKey(sessionsKeyOf(keys, { phoneNumber: phone(number), lane }));
  const begin = (
    number: string,
    win: Partial<Omit<SessionWin, 'phoneNumber' | 'lane'>> & { readonly lane?: Lane } = {},
  ): Promise<StartOutcome> =>
    startSession(ports(), {
      challengeId: drawChallengeId(),
      lane: 'public',
      phoneNumber: phone(number),
      idempotencyKey: undefined,
      verifiedAt: state.now,
      label: '',
      ...win,
    });
  return {
    state,
    settings,
    keys,
    ports,
    phone,
    itemKey,
    record: async (number: string, lane?: Lane) => readSessions(await table.read(itemKey(number, lane))),
    start: begin,
    /** Starts a session and gives its refresh token. */
    signIn: async (number: string, win: Parameters<typeof begin>[1] = {}): Promise<string> => {
      const started = await begin(number, win);
      if (started.tag !== 'started') throw new Error(`not started: ${started.reason}`);
      return started.grant.refreshToken;
    },
    refresh: (refreshToken: string, attempt?: Refresh['attempt']) =>
      refreshSession(ports(), { refreshToken, attempt }),
    revoke: (refreshToken: string) => revokeSession(ports(), refreshToken),
    list: (refreshToken: string, end?: EndWish) => listSessions(ports(), { refreshToken, end }),
    endAll: (number: string) => endSessionsOf(ports(), phone(number)),
  };
}
