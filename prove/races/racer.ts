/**
 * One of the processes of a race. It runs the real verify flow for many guesses at once, against the table behind the gate.
 * It gets its settings once, and then one message per round.
 */
import * as v from 'valibot';
import { codeSchema } from '../../functions/otp/code.ts';
import { requestIdSchema } from '../../functions/otp/request-id.ts';
import type { SettingsInput } from '../../functions/settings/settings.ts';
import { noCounters, startFlow } from '../../test-kit/flow.ts';
import { plainClient } from '../../test-kit/plain-client.ts';
import type { TestTable } from '../../test-kit/test-table.ts';

export interface World {
  readonly endpoint: string;
  readonly tableName: string;
  readonly identitySecret: string;
  readonly settings: Partial<SettingsInput>;
  readonly guessesAtOnce: number;
}

export interface Round {
  readonly requestId: string;
  readonly guesses: readonly { readonly code: string; readonly idempotencyKey?: string }[];
  /** Epoch seconds. */
  readonly now: number;
}

/** The result of one guess: its outcome, and the id of the token where there is one. */
export interface Told {
  readonly tag: string;
  readonly reason?: string;
  readonly tokenId?: string;
}

async function play(flow: ReturnType<typeof startFlow>, { requestId, guesses, now }: Round): Promise<Told[]> {
  flow.state.now = now;
  const id = v.parse(requestIdSchema, requestId);
  return Promise.all(
    guesses.map(async ({ code, idempotencyKey }) => {
      const outcome = await flow.verify(id, v.parse(codeSchema, code), idempotencyKey);
      return {
        tag: outcome.tag,
        ...('reason' in outcome && { reason: outcome.reason }),
        ...('tokenId' in outcome && { tokenId: outcome.tokenId }),
      };
    }),
  );
}

if (process.send !== undefined) {
  let flow: ReturnType<typeof startFlow> | undefined;
  process.on('message', (message: { world: World } | { round: Round }) => {
    if ('world' in message) {
      const { endpoint, tableName, identitySecret, settings, guessesAtOnce } = message.world;
      const client = plainClient(endpoint, guessesAtOnce);
      const table: TestTable = {
        client,
        singleTryClient: () => client,
        tableName,
        endpoint,
        read: () => Promise.reject(new Error('a racer reads nothing')),
        stop: async () => client.destroy(),
      };
      flow = startFlow(table, settings, noCounters, identitySecret);
      process.send?.({ ready: true });
      return;
    }
    if (flow === undefined) throw new Error('a round before the world');
    play(flow, message.round).then(
      (told) => process.send?.({ told }),
      (error: unknown) => process.send?.({ failed: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
