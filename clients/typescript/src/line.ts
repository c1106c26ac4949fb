/** What both calls share: the line to the server, what is kept, and the clock. */
import type { Clock } from './clock.ts';
import type { Answer } from './exchange.ts';
import type { Kept } from './kept.ts';
import type { Record } from './record.ts';
import type { Unanswered } from './results.ts';

export interface Line {
  /** POSTs a body under an idempotency key; `device` goes along as a header. */
  readonly post: (path: string, call: Call) => Promise<Answer | Unanswered>;
  readonly kept: Kept;
  readonly session: SessionOfSignIns | undefined;
  readonly clock: Clock;
  /** The idempotency keys of codes typed in, by `requestId`, of this run. */
  readonly verifyKeys: Map<string, string>;
}

/** What keeps the tokens of sign-ins, in place of the one access token. */
export interface SessionOfSignIns {
  /** Asks verify for a session. The server starts one for a sign-in alone. */
  readonly asks: object;
  /** Keeps the answer to a sign-in. */
  keep(body: Record): Promise<unknown>;
}

interface Call {
  readonly key: string;
  readonly body: object;
  readonly device?: { readonly 'doorcode-device': string } | '' | undefined;
}
