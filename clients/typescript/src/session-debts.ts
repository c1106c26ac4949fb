/**
 * The sessions that the server has still to end: their refresh tokens are kept aside until it says 200, also over a restart
 * of the app (RFC 7009).
 */
import type { SessionPorts } from './session-ports.ts';
import type { SessionRecord } from './session-record.ts';

export interface SessionDebts {
  /** Keeps the token of a record aside. */
  owe(record: SessionRecord): Promise<void>;
  /** Sends what is kept aside, one after the other, until one fails. Never call it inside the lock. */
  deliver(): Promise<void>;
}

/** What fits into an item of a keychain, with room to spare. The oldest go. */
const maxTokens = 8;

export function openSessionDebts({ read, write, send, lock }: SessionPorts): SessionDebts {
  /** Those of this run, which the storage may have refused. */
  const owed = new Set<string>();
  let isDelivering = false;

  /** Changes what is stored; a storage that fails keeps what it has. */
  const change = async (to: (tokens: readonly string[]) => readonly string[]): Promise<void> => {
    const value = await read('revoke');
    if (value !== undefined) await write('revoke', to(tokensIn(value)).slice(-maxTokens).join(' ') || null);
  };

  return {
    owe: async ({ refreshToken }) => {
      if (refreshToken === '') return;
      owed.add(refreshToken);
      await change((tokens) => [...tokens, refreshToken]);
    },
    deliver: async () => {
      if (isDelivering) return;
      isDelivering = true;
      for (const token of new Set([...tokensIn(await read('revoke')), ...owed])) {
        const answer = await send('/auth/revoke', `token=${token}`);
        // The server's 200 is empty (RFC 7009, section 2.2), a portal's is a page.
        if (answer.status !== 200 || answer.tag === 'captive-portal') break;
        owed.delete(token);
        await lock(() => change((tokens) => tokens.filter((other) => other !== token)));
      }
      isDelivering = false;
    },
  };
}

function tokensIn(value: string | null | undefined): readonly string[] {
  return value ? value.split(' ') : [];
}
