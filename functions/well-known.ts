/**
 * Entry of the function behind the well-known routes: wiring only. It can read no secret. It loads little, because
 * API Gateway's JWT authorizer waits 1.5 s for it, cold start included.
 */

import middy from '@middy/core';
import { discoveryDocuments } from '#discovery-documents';
import type { Answer } from './http/answer.ts';
import { faults } from './http/faults.ts';
import { readGatewayRequest } from './http/gateway-request.ts';
import { wellKnownAnswer } from './http/well-known-endpoint.ts';
import { initialise } from './runtime/init.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { answerDeadlineMs, wellKnownInitWaitMs } from './settings/fixed-numbers.ts';
import { readPublishedKeys } from './table/published-keys.ts';
import { openTable } from './table/table.ts';
import { parseIssuer } from './tokens/issuer.ts';

const world = prepared(() => ({
  documents: discoveryDocuments(parsedVariable('ISSUER', parseIssuer)),
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
    const { documents, table } = world();
    return wellKnownAnswer(readGatewayRequest(event), {
      documents,
      readJwks: () => readPublishedKeys(table, AbortSignal.timeout(answerDeadlineMs)),
    });
  });
