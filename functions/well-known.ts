/**
 * Entry of the function behind the two well-known routes: wiring only. It can read no secret, and loads little:
 * API Gateway's JWT authorizer waits 1.5 s for it, cold start included.
 */
import middy from '@middy/core';
import { readPublishedKeys } from './adapters/published-keys.ts';
import { openTable } from './adapters/table.ts';
import type { Answer } from './http/answer.ts';
import { faults } from './http/faults.ts';
import { readGatewayRequest } from './http/gateway-request.ts';
import { initialise } from './http/init.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { wellKnownAnswer } from './http/well-known-endpoint.ts';
import { answerDeadlineMs, wellKnownInitWaitMs } from './otp/policy.ts';
import { discoveryDocument } from './tokens/discovery.ts';
import { parseIssuer } from './tokens/issuer.ts';

const world = prepared(() => ({
  discovery: discoveryDocument(parsedVariable('ISSUER', parseIssuer)),
  table: openTable(variable('TABLE_NAME')),
}));

/** Awaited before the first event: the read of the keys is the first connection to the table. */
export const ready = initialise({
  world,
  prepare: ({ table }, signal) => [readPublishedKeys(table, signal)],
  waitMs: wellKnownInitWaitMs,
});

export const handler = middy<unknown, Answer>()
  .use(faults({ unavailable: 'well-known.unavailable', fault: 'well-known.fault' }))
  .handler(async (event) => {
    const { discovery, table } = world();
    return wellKnownAnswer(readGatewayRequest(event), {
      discovery,
      readJwks: () => readPublishedKeys(table, AbortSignal.timeout(answerDeadlineMs)),
    });
  });
