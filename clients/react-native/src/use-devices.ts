/** The devices that are signed in with the user's number, as a hook: the list, and ending sessions in it. */
import {
  endSessions,
  listSessions,
  type Session,
  type SessionEntry,
  type SessionsResult,
  signOutEverywhere,
} from 'doorcode-client';
import { useCallback, useEffect, useRef, useState } from 'react';

export interface DevicesHook {
  /** Undefined until the first answer. */
  readonly devices: readonly SessionEntry[] | undefined;
  readonly isBusy: boolean;
  /** The latest call changed nothing and listed nothing. */
  readonly hasFailed: boolean;
  /** For support, where there is one. */
  readonly reference: string | undefined;
  readonly reload: () => void;
  readonly end: (id: string) => void;
  readonly endOthers: () => void;
  readonly endAll: () => void;
}

interface Seen {
  readonly devices: readonly SessionEntry[] | undefined;
  readonly isBusy: boolean;
  readonly failure: Exclude<SessionsResult, { readonly tag: 'sessions' }> | undefined;
}

export function useDevices(session: Session): DevicesHook {
  const [seen, setSeen] = useState<Seen>({ devices: undefined, isBusy: true, failure: undefined });
  const isShown = useRef(true);
  const run = useCallback(async (call: () => Promise<SessionsResult>): Promise<void> => {
    setSeen(({ devices }) => ({ devices, isBusy: true, failure: undefined }));
    const result = await call();
    if (!isShown.current) return;
    setSeen(({ devices }) =>
      result.tag === 'sessions'
        ? { devices: result.sessions, isBusy: false, failure: undefined }
        : { devices, isBusy: false, failure: result },
    );
  }, []);
  const reload = useCallback(() => {
    run(() => listSessions(session));
  }, [run, session]);
  useEffect(() => {
    isShown.current = true;
    reload();
    return () => {
      isShown.current = false;
    };
  }, [reload]);
  const { devices, isBusy, failure } = seen;
  return {
    devices,
    isBusy,
    hasFailed: failure !== undefined,
    reference: failure !== undefined && 'reference' in failure ? failure.reference : undefined,
    reload,
    end: (id) => {
      run(() => endSessions(session, [id]));
    },
    endOthers: () => {
      run(() => endSessions(session, 'others'));
    },
    endAll: () => {
      run(() => signOutEverywhere(session));
    },
  };
}
