/**
 * The connections of one AWS client. A worker may be frozen for longer than AWS keeps an idle connection, and only notices
 * a dead one when it sends on it. After parallel calls a client keeps several connections, so its retry would use the next
 * dead one. So the client closes every idle connection before a retry.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** As many as the SDK's own default. */
const maxSockets = 50;

export interface Connections {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Closes the connections that no call uses. */
  readonly dropIdle: () => void;
}

/** Creates the pool and opens no connection yet. With `keepAlive` false each call gets a connection of its own. */
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
