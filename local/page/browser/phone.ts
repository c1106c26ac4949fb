/**
 * The phone that the app runs on. Its clock jumps with the stack's clock, and its storage survives a reload. A tap on an
 * SMS hands it to the app, as Android does. The page's log shows every call. There are two phones, so that a person can
 * see how the server treats another device.
 */
import { createDoorcode, type Doorcode } from 'doorcode-client';
import { fetchOver, type Network } from './network.ts';

export interface Call {
  /** The id that the answer carried. */
  readonly id: string;
  readonly path: string;
  readonly status: number;
}

export interface Phone {
  readonly doorcode: Doorcode;
  readonly smsConsent: (onSms: (text: string) => void) => () => void;
  /** Gives an SMS to the app, if it waits for one. */
  readonly receive: (text: string) => void;
  readonly jumpTo: (offsetSeconds: number) => void;
  readonly setNetwork: (network: Network) => void;
  /** Adds a listener to all calls; the result removes it. */
  readonly onCall: (listener: (call: Call) => void) => () => void;
}

/** The first phone stores under the client's own names, the second under names of its own. */
export function openPhone(device: 'first' | 'second'): Phone {
  const prefix = device === 'first' ? '' : 'second.';
  let offsetMs = 0;
  let network: Network = 'good';
  let onSms: ((text: string) => void) | undefined;
  const listeners = new Set<(call: Call) => void>();
  const doorcode = createDoorcode({
    baseUrl: location.origin,
    platform: 'web',
    now: () => performance.now() + offsetMs,
    timeOfDay: () => Date.now() + offsetMs,
    storage: {
      read: async (key) => localStorage.getItem(prefix + key),
      write: async (key, value) => {
        if (value === null) localStorage.removeItem(prefix + key);
        else localStorage.setItem(prefix + key, value);
      },
    },
    fetch: async (url, init) => {
      const response = await fetchOver(network, url, init);
      const id = response.headers.get('apigw-requestid');
      const call = { id: id ?? '', path: new URL(url).pathname, status: response.status };
      if (id !== null) for (const listener of listeners) listener(call);
      return response;
    },
  });
  return {
    doorcode,
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
    onCall: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
