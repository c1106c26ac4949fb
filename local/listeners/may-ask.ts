/**
 * Who may call a listener of this machine. Any web page can make a browser send requests to loopback. So each listener
 * states the names it accepts in Host and the pages it accepts in Origin, and refuses the rest before anything else.
 *
 * The check of Host stops DNS rebinding: a page whose own name points to 127.0.0.1 has the listener's origin for the
 * browser, but the browser still sends that name in Host. The checks of Origin and Sec-Fetch-Site stop pages that use the
 * right name.
 * https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
 */
import type { IncomingMessage } from 'node:http';

/** The answer to a refused request. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Checks a request: gives the reason of a refusal, or undefined where the request is allowed. */
export type MayAsk = (request: IncomingMessage) => Refusal | undefined;

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * The addresses that emulators use for their machine's loopback: Android's own, and Genymotion's. An iOS simulator shares
 * the machine's loopback, and so does a phone behind `adb reverse`.
 * https://developer.android.com/studio/run/emulator-networking
 */
const emulatorNames = ['10.0.2.2', '10.0.3.2'];

/** The rule for a server of pages. It allows this machine's own names, its own pages, and links that a person follows. */
export const ownPages: MayAsk = (request) => {
  const host = hostOf(request);
  if (!isOwnHost(request, host)) return foreignHost;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host?.authority}`) return foreignPage;
  return isFromElsewhere(request) && !isFollowedLink(request) ? foreignPage : undefined;
};

/** The rule for a server that only processes call. It allows this machine's own names, and no page. */
export const ownProcesses: MayAsk = (request) => {
  if (!isOwnHost(request, hostOf(request))) return foreignHost;
  const isOfPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
  return isOfPage ? foreignPage : undefined;
};

/**
 * The rule for the API. It allows this machine's own names, those of emulators, and those that an option adds. Every page
 * may call it, as it may call the deployed API, and CORS decides what the page can read. Any port is allowed, because a
 * developer's proxy or `adb reverse` leaves another one in Host.
 */
export function apps(otherNames: readonly string[]): MayAsk {
  const names = new Set([...loopbackNames, ...emulatorNames, ...otherNames]);
  return (request) => {
    const host = hostOf(request);
    return host !== undefined && names.has(host.name) ? undefined : foreignHost;
  };
}

/** Whether the body is declared as JSON. A foreign page cannot do that without a CORS preflight. */
export function declaresJson({ headers }: IncomingMessage): boolean {
  return /^application\/json[ \t]*(;|$)/i.test(headers['content-type'] ?? '');
}

const foreignHost: Refusal = {
  status: 403,
  message:
    'The local stack does not accept this host name. For a phone on your network: npm start -- --lan ADDRESS',
};
const foreignPage: Refusal = { status: 403, message: 'Only pages of this machine may call this server.' };

interface Host {
  readonly name: string;
  readonly port: number;
  /** Host and origin as a browser writes them: without port 80. */
  readonly authority: string;
}

/** The Host of a request; undefined for none, several or a malformed one. */
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

/** Whether the browser marks the request as foreign. It does so even without an Origin: for images, scripts, form GETs. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Whether a person followed a link to this page. The foreign page cannot read what the link opens. */
function isFollowedLink({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}
