/**
 * The middleware of every function of the API. It turns exceptions into answers: a failed dependency gives a 503, and a bug
 * gives a 500. The app learns no details of either. The log gets the name of what failed, and nothing that could contain a
 * value. Every answer that it lets out has the support reference of its call.
 */
import type { MiddlewareObj } from '@middy/core';
import type { MessageCode } from '../runtime/message-codes.ts';
import { report } from '../runtime/report.ts';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import type { Answer } from './answer.ts';
import { readGatewayRequest } from './gateway-request.ts';
import { problem } from './problem.ts';
import { withReference } from './with-reference.ts';

/** The message codes of a function for the two kinds of exception. */
export interface FaultCodes {
  readonly unavailable: MessageCode;
  /** Those of dependencies that ask for something else to be done, by the name of the dependency. */
  readonly unavailableBy?: Readonly<Record<string, MessageCode>>;
  readonly fault: MessageCode;
}

/** Turns every exception into a problem document and a line in the log, and adds the support reference to every answer. */
export function faults(codes: FaultCodes): MiddlewareObj<unknown, Answer> {
  const answerTo = (error: unknown, id: string): Answer => {
    if (error instanceof Unavailable) {
      const { dependency, reason } = error;
      // With its own message code, so that an alarm can tell it from every other outage.
      const code =
        reason === 'changed' ? 'secret.changed' : (codes.unavailableBy?.[dependency] ?? codes.unavailable);
      const retryAfterSeconds = retryAfterFaultSeconds;
      report({ code, requestId: id, status: 503, retryAfterSeconds, dependency, reason });
      return problem('temporarily-unavailable', id, { detail: 'Try again in a moment.', retryAfterSeconds });
    }
    report({ code: codes.fault, requestId: id, status: 500, reason: nameOf(error) });
    return problem('internal-error', id, { detail: 'Quote the support reference when you report this.' });
  };
  return {
    after: (request) => {
      const { response, event } = request;
      if (response) request.response = withReference(response, readGatewayRequest(event).id);
    },
    onError: ({ error, event }) => {
      const { id } = readGatewayRequest(event);
      return withReference(answerTo(error, id), id);
    },
  };
}
