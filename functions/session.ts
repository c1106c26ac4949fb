/**
 * Entry of the function behind `POST /auth/token`, `/auth/revoke` and `/auth/sessions`: wiring only. People may invoke it
 * with `{ endSessionsOf }`, too. The flows are in `sessions/`.
 */
import { sessionEndpoint } from './http/session-endpoint.ts';
import { initialise } from './runtime/init.ts';
import { prepared } from './runtime/prepared.ts';
import { initWaitMs } from './settings/fixed-numbers.ts';
import { connectTable } from './table/table.ts';
import { directNumber, endSessions } from './wiring/direct-end.ts';
import { answerRevoke, answerSessions, answerToken } from './wiring/session-routes.ts';
import { openSession, sessionStage } from './wiring/session-world.ts';

const world = prepared(openSession);

/** Awaited before the first event. */
export const ready = initialise({
  world,
  prepare: ({ identity, secret, signerAt, controls, table }, signal) => [
    identity.get({ signal }),
    secret.get({ signal }),
    signerAt.get({ signal }),
    controls.get({ signal }),
    connectTable(table, signal),
  ],
  rehearse: async (made, signal) => rehearse({ ...(await sessionStage(made, signal)), signal }),
  waitMs: initWaitMs,
});

const { handler: gateway, rehearse } = sessionEndpoint(world, {
  '/auth/token': answerToken,
  '/auth/revoke': answerRevoke,
  '/auth/sessions': answerSessions,
});

/** Answers the gateway, or ends the sessions of a number. */
export async function handler(event: unknown, context: { readonly awsRequestId: string }): Promise<unknown> {
  const phoneNumber = directNumber(event);
  if (phoneNumber !== undefined) return endSessions(world(), phoneNumber, context.awsRequestId);
  return gateway(event, {});
}
