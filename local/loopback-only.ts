/** Who may ask a page server of this machine. */
import type { IncomingMessage } from 'node:http';

/** Loopback names only, and no page of another origin: neither DNS rebinding nor a form elsewhere gets through. */
export function isOfThisMachine({ headers }: IncomingMessage): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const isLoopback = host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
  return isLoopback && (headers.origin === undefined || headers.origin === `http://${headers.host}`);
}

/** What such a page may do: nothing but talk to its own server. */
export const pageGuards = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};
