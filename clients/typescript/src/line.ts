/** What both calls share: the line to the server, what is kept, and the clock. */
import type { Clock } from './clock.ts';
import type { Answer } from './exchange.ts';
import type { Kept } from './kept.ts';
import type { Unanswered } from './results.ts';

export interface Line {
  /** POSTs a body under an idempotency key; `device` goes along as Doorcode-Device. */
  readonly post: (path: string, call: Call) => Promise<Answer | Unanswered>;
  readonly kept: Kept;
  readonly clock: Clock;
  /** The idempotency keys of codes typed in, by `requestId`, of this run. */
  readonly verifyKeys: Map<string, string>;
}

interface Call {
  readonly key: string;
  readonly body: object;
  readonly device?: string | undefined;
}
