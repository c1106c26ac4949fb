/**
 * The connections of one client of AWS. A worker may be frozen for longer than AWS keeps an idle connection; it learns
 * that one is dead from the first bytes that it sends on it. A client keeps several after calls that ran at once, and
 * would make its second try on the next dead one. So before a second try every idle connection is dropped.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** As many as the SDK's own default. */
const maxSockets = 50;

export interface Connections {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Ends the connections that no call uses. */
  readonly dropIdle: () => void;
}

/** Opens none yet; `keepAlive` false gives each call a connection of its own. */
export function openConnections({ keepAlive }: { readonly keepAlive: boolean }): Connections {
  const httpAgent = new HttpAgent({ keepAlive, maxSockets });
  const httpsAgent = new HttpsAgent({ keepAlive, maxSockets });
  return {
    httpAgent,
    httpsAgent,
    dropIdle: () => {
      for (const sockets of [httpAgent, httpsAgent].flatMap(({ freeSockets }) => Object.values(freeSockets)))
        for (const socket of sockets ?? []) socket.destroy();
    },
  };
}
