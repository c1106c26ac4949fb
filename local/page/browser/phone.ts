/**
 * The phone that the app runs on. Its clock jumps with the stack's clock, and its storage survives a reload. A tap on an
 * SMS hands it to the app, as Android does. The page's log shows every call. There are two phones, so that a person can
 * see how the server treats another device, and a thief with a copy of a phone's storage.
 */
import { createSession, type Session } from 'doorcode-client';
import { fetchOver, type Network } from './network.ts';

export interface Call {
  /** The id that the answer carried. */
  readonly id: string;
  readonly path: string;
  readonly status: number;
}

/** What a phone keeps of its session, as far as it is shown. */
export interface KeptSession {
  readonly refreshToken: string;
  readonly accessToken: string;
  readonly life: { readonly fromMs: number; readonly overMs: number };
}

export interface Phone {
  /** The app as it runs now. */
  readonly session: () => Session;
  /** Kills the app and starts it again on the same storage; calls under way never end. */
  readonly restart: () => void;
  readonly smsConsent: (onSms: (text: string) => void) => () => void;
  /** Gives an SMS to the app, if it waits for one. */
  readonly receive: (text: string) => void;
  readonly jumpTo: (offsetSeconds: number) => void;
  readonly setNetwork: (network: Network) => void;
  /** A phone that is locked since its start: the storage finds nothing and takes nothing. */
  readonly setLocked: (isLocked: boolean) => void;
  /** What is stored of the session. */
  readonly kept: () => KeptSession | undefined;
  /** The time of day on this phone, in milliseconds. */
  readonly nowMs: () => number;
  /** A thief copies the storage and uses the token twice, as far as the server lets him; gives the statuses. */
  readonly steal: () => Promise<readonly number[]>;
  /** Adds a listener to all calls; the result removes it. */
  readonly onCall: (listener: (call: Call) => void) => () => void;
}

/** The first phone stores under the client's own names, the second under names of its own. */
export function openPhone(device: 'first' | 'second'): Phone {
  const prefix = device === 'first' ? '' : 'second.';
  let offsetMs = 0;
  let network: Network = 'good';
  let isLocked = false;
  let onSms: ((text: string) => void) | undefined;
  const listeners = new Set<(call: Call) => void>();
  const nowMs = (): number => Date.now() + offsetMs;
  const call = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetchOver(network, url, init);
    const id = response.headers.get('apigw-requestid');
    const made = { id: id ?? '', path: new URL(url).pathname, status: response.status };
    if (id !== null) for (const listener of listeners) listener(made);
    return response;
  };
  /** Counts the runs of the app. Nothing answers a killed one. */
  let run = 0;
  let running: Session | undefined;
  const open = (): Session => {
    const mine = run;
    const alive = async <T>(part: () => T | Promise<T>): Promise<T> => {
      const given = mine === run ? await part() : undefined;
      if (mine !== run) throw new Error('killed, by the switch on this page');
      return given as T;
    };
    return createSession({
      baseUrl: location.origin,
      platform: 'web',
      label: device === 'first' ? 'First phone' : 'Second phone',
      now: () => performance.now() + offsetMs,
      timeOfDay: nowMs,
      storage: {
        read: (key) => alive(() => (isLocked ? null : localStorage.getItem(prefix + key))),
        write: (key, value) =>
          alive(() => {
            if (isLocked) throw new Error('locked, by the switch on this page');
            if (value === null) localStorage.removeItem(prefix + key);
            else localStorage.setItem(prefix + key, value);
          }),
      },
      fetch: (url, init) => alive(() => call(url, init)),
    });
  };
  const kept = (): KeptSession | undefined =>
    JSON.parse(localStorage.getItem(`${prefix}doorcode.session`) || 'null') ?? undefined;
  return {
    session: () => {
      running ??= open();
      return running;
    },
    restart: () => {
      run += 1;
      running = undefined;
    },
    kept,
    nowMs,
    steal: async () => {
      const stolen: { refreshToken?: string; attempt?: string } = kept() ?? {};
      const statuses: number[] = [];
      let { refreshToken = '', attempt = '' } = stolen;
      for (let uses = 0; uses < 2; uses += 1) {
        const form = { grant_type: 'refresh_token', refresh_token: refreshToken, attempt };
        const response = await fetchOver('good', `${location.origin}/auth/token`, {
          method: 'POST',
          body: new URLSearchParams(form),
        });
        statuses.push(response.status);
        ({ refresh_token: refreshToken } = await response.json());
        attempt = crypto.randomUUID();
        if (!response.ok) break;
      }
      return statuses;
    },
    smsConsent: (listener) => {
      onSms = listener;
      return () => {
        if (onSms === listener) onSms = undefined;
      };
    },
    receive: (text) => onSms?.(text),
    jumpTo: (offsetSeconds) => {
      offsetMs = offsetSeconds * 1000;
    },
    setNetwork: (next) => {
      network = next;
    },
    setLocked: (next) => {
      isLocked = next;
    },
    onCall: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
