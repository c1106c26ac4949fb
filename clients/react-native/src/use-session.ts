/** Whether the user is signed in, as a hook: the state of a session, kept up to date while the app runs. */
import type { Session, SessionState } from 'doorcode-client';
import { useEffect, useSyncExternalStore } from 'react';
import { AppState } from 'react-native';

export interface SessionHook {
  /**
   * `unknown` until the storage has answered: show neither the sign-in nor the app. It stays `unknown` while the storage
   * fails or the phone has not been unlocked since its start.
   */
  readonly state: SessionState;
  /** Asks the storage again. The hook does so at its start and whenever the app comes to the front. */
  readonly check: () => Promise<SessionState>;
  /** False means that the storage failed, and may give the session back. */
  readonly signOut: () => Promise<boolean>;
}

export function useSession(session: Session): SessionHook {
  const { subscribe, state, check, signOut } = session;
  useEffect(() => {
    check();
    const subscription = AppState.addEventListener('change', (next) => {
      if (next === 'active') check();
    });
    return () => subscription.remove();
  }, [check]);
  return { state: useSyncExternalStore(subscribe, state, state), check, signOut };
}
