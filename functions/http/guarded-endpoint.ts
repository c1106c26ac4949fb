/** What every endpoint of the API shares: a time limit, a problem document for whatever is thrown, and a rehearsal in init. */
import middy from '@middy/core';
import type { Answer } from './answer.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type FaultCodes, faults } from './faults.ts';

type Handler = middy.MiddyfiedHandler<unknown, Answer>;

/** An endpoint whose rehearsal asks with `Asked`, on a stage: what was made at cold start, with stand-ins for all effects. */
export interface Endpoint<World, Asked> {
  readonly handler: Handler;
  /** Runs a request in init, so that its code is compiled before the first event. Reports nothing. */
  readonly rehearse: (
    rehearsal: Asked & { readonly world: World; readonly signal: AbortSignal },
  ) => Promise<Answer>;
}

interface Answering<World, Asked> {
  readonly codes: FaultCodes;
  readonly answerIn: (world: World, event: unknown, deadline: Deadline) => Promise<Answer>;
  /** The event of a rehearsal, as the gateway would send it. */
  readonly rehearsalEvent: (asked: Asked) => object;
}

/** Guards `answerIn`; `world` gives what was made at cold start, or throws why it could not be. */
export function guardedEndpoint<World, Asked>(
  world: () => World,
  { codes, answerIn, rehearsalEvent }: Answering<World, Asked>,
): Endpoint<World, Asked> {
  const guarded = (answer: (event: unknown) => Promise<Answer>): Handler =>
    middy<unknown, Answer>().use(faults(codes)).handler(answer);
  return {
    handler: guarded((event) => withDeadline((deadline) => answerIn(world(), event, deadline))),
    rehearse: ({ world: stage, signal, ...asked }) => {
      const answer = guarded((event) =>
        withDeadline((deadline) => answerIn(stage, event, { ...deadline, signal })),
      );
      return answer(rehearsalEvent(asked as Asked), {});
    },
  };
}
