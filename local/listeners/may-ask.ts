/**
 * Who may ask a listener of this machine. Any web page can make a browser send requests to loopback, so each listener
 * says which names it takes in Host, which pages in Origin, and refuses the rest before it looks at anything else.
 *
 * Host is what stops DNS rebinding: a page whose own name points to 127.0.0.1 is of the listener's origin to the
 * browser, but the browser still sends that name. Origin and Sec-Fetch-Site stop pages that call by the right name.
 * https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
 */
import type { IncomingMessage } from 'node:http';

/** An answer to a request that is not carried out. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Says why a request is refused; undefined for one that may ask. */
export type MayAsk = (request: IncomingMessage) => Refusal | undefined;

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * What emulators call the loopback of the machine that they run on: Android's own, and Genymotion's. An iOS simulator
 * shares the machine's loopback, and so does a phone behind `adb reverse`.
 * https://developer.android.com/studio/run/emulator-networking
 */
const emulatorNames = ['10.0.2.2', '10.0.3.2'];

/** For a server of pages: this machine by its own names, no page but its own, and links that a person follows. */
export const ownPages: MayAsk = (request) => {
  const host = hostOf(request);
  if (!isOwnHost(request, host)) return foreignHost;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host?.authority}`) return foreignPage;
  return isFromElsewhere(request) && !isFollowedLink(request) ? foreignPage : undefined;
};

/** For a server of processes: this machine by its own names, and no page at all. */
export const ownProcesses: MayAsk = (request) => {
  if (!isOwnHost(request, hostOf(request))) return foreignHost;
  const isOfPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
  return isOfPage ? foreignPage : undefined;
};

/**
 * For the API: this machine by its own names and those of emulators, and the names that an option adds. Every page may
 * ask, as it may ask the deployed API; CORS says what it may read. The port is free: a proxy of a developer's own
 * server, or `adb reverse`, leaves another one in Host.
 */
export function apps(otherNames: readonly string[]): MayAsk {
  const names = new Set([...loopbackNames, ...emulatorNames, ...otherNames]);
  return (request) => {
    const host = hostOf(request);
    return host !== undefined && names.has(host.name) ? undefined : foreignHost;
  };
}

/** Whether the body is declared as JSON, which a page elsewhere cannot do without asking first (CORS). */
export function declaresJson({ headers }: IncomingMessage): boolean {
  return /^application\/json[ \t]*(;|$)/i.test(headers['content-type'] ?? '');
}

const foreignHost: Refusal = {
  status: 403,
  message:
    'This host name is not one of the local stack’s. For a phone on your network: npm start -- --lan ADDRESS',
};
const foreignPage: Refusal = { status: 403, message: 'Only pages of this machine may ask.' };

interface Host {
  readonly name: string;
  readonly port: number;
  /** Both, as a browser writes them: without the port where it is 80. */
  readonly authority: string;
}

/** The one Host of a request; undefined for none, several or a malformed one. */
function hostOf({ headersDistinct }: IncomingMessage): Host | undefined {
  const [value = '', ...others] = headersDistinct['host'] ?? [];
  const [authority, name, port = '80'] =
    /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(value.toLowerCase()) ?? [];
  if (authority === undefined || name === undefined || others.length > 0) return undefined;
  return { authority, name, port: Number(port) };
}

function isOwnHost({ socket }: IncomingMessage, host: Host | undefined): boolean {
  return host !== undefined && loopbackNames.includes(host.name) && host.port === socket.localPort;
}

/** Browsers of today say so themselves, also where they send no Origin: an image, a script, a form's GET. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** A link to the page, followed by a person: the page elsewhere cannot read what it opens. */
function isFollowedLink({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}
