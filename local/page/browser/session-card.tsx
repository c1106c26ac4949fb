import {
  endSessions,
  listSessions,
  type Session,
  type SessionEntry,
  type SessionsResult,
  signOutEverywhere,
} from 'doorcode-client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { readDecisions } from './page-server.ts';
import type { KeptSession, Phone } from './phone.ts';
import { SessionDevices } from './session-devices.tsx';
import type { Kept } from './use-kept.ts';

const states = {
  'signed-in': 'Signed in.',
  'signed-out': 'Signed out.',
  unknown: 'Unknown: the storage does not answer, as before the first unlock of a phone. It is asked again.',
} as const;

interface SessionCardProps {
  readonly phone: Phone;
  readonly session: Session;
  readonly seen: Kept;
  readonly onRestart: () => void;
}

/** The session of this phone: its state, its tokens, the devices, and what may happen to it. */
export function SessionCard({ phone, session, seen, onRestart }: SessionCardProps) {
  const { kept, nowSeconds } = seen;
  const state = useSyncExternalStore(session.subscribe, session.state);
  const [said, setSaid] = useState('');
  const [isLocked, setIsLocked] = useState(false);
  const [devices, setDevices] = useState<readonly SessionEntry[] | undefined>();
  useEffect(
    () =>
      phone.onCall(({ id, path, status }) => {
        if (path !== '/auth/token' || status !== 400) return;
        readDecisions(id).then((decisions) => {
          if (decisions.some(({ code }) => code === 'session.reuse'))
            setSaid(
              'Reuse found: somebody else has used a copy of this session’s token. The session is over for both.',
            );
        });
      }),
    [phone],
  );
  useEffect(() => {
    if (state !== 'signed-in') setDevices(undefined);
  }, [state]);

  const refresh = async (): Promise<void> => {
    setSaid('Refreshing…');
    const before = kept?.accessToken;
    const reached = await session.access(before);
    if (reached.tag === 'token')
      setSaid(
        reached.accessToken === before
          ? 'Not refreshed: this token came less than two minutes ago, and another would be no better.'
          : 'Refreshed: a new access token, and a new refresh token in place of the old one.',
      );
    else if (reached.tag !== 'signed-out') setSaid(`Not refreshed: ${reached.tag}. The session stays.`);
    else setSaid((now) => (now.startsWith('Reuse') ? now : 'The session is over. Sign in again.'));
  };
  const list = async (call: Promise<SessionsResult>): Promise<void> => {
    const result = await call;
    if (result.tag === 'sessions') setDevices(result.sessions);
    setSaid(result.tag === 'sessions' ? '' : `Nothing was listed, and nothing has changed: ${result.tag}.`);
  };
  const steal = async (): Promise<void> => {
    const statuses = await phone.steal();
    setSaid(
      `A thief has copied this phone’s storage and refreshed ${statuses.length} times: ${statuses.join(', ')}. The next refresh of this phone finds it.`,
    );
  };
  const lock = (next: boolean): void => {
    phone.setLocked(next);
    setIsLocked(next);
    session.check();
  };
  const isIn = state === 'signed-in';
  return (
    <section aria-labelledby="session-title" className="card">
      <h2 id="session-title">The session</h2>
      <p role="status">
        {states[state]} {said}
      </p>
      {isIn && kept !== undefined ? (
        <dl className="claims">
          <div>
            <dt>access token</dt>
            <dd>{leftOf(kept, nowSeconds)}</dd>
          </div>
          <div>
            <dt>refresh token</dt>
            <dd>
              {kept.refreshToken === ''
                ? 'none: this sign-in started no session'
                : `…${kept.refreshToken.slice(-8)}`}
            </dd>
          </div>
        </dl>
      ) : null}
      <div className="jumps">
        {isIn ? (
          <>
            <button onClick={refresh} type="button">
              Refresh
            </button>
            <button onClick={() => list(listSessions(session))} type="button">
              List the devices
            </button>
            <button onClick={() => session.signOut()} type="button">
              Sign out here
            </button>
            <button onClick={() => list(signOutEverywhere(session))} type="button">
              Sign out everywhere
            </button>
            <button onClick={steal} type="button">
              Play a thief
            </button>
          </>
        ) : null}
        <button
          onClick={() => {
            setSaid('Killed and started again.');
            onRestart();
          }}
          type="button"
        >
          Kill and restart the app
        </button>
        <button aria-pressed={isLocked} onClick={() => lock(!isLocked)} type="button">
          {isLocked ? 'Unlock the phone' : 'Lock the storage'}
        </button>
      </div>
      {devices === undefined ? null : (
        <SessionDevices devices={devices} onEnd={(id) => list(endSessions(session, [id]))} />
      )}
    </section>
  );
}

function leftOf({ life }: KeptSession, nowSeconds: number): string {
  const seconds = Math.round((life.fromMs + life.overMs) / 1000) - nowSeconds;
  if (seconds <= 0) return 'over: the next call refreshes it first';
  return `good for ${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
