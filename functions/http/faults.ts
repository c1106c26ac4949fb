/**
 * The middleware that turns exceptions into answers: a failed dependency gives a 503, and a bug gives a 500. The app learns
 * no details of either. The log gets the name of what failed, and nothing that could contain a value.
 */
import type { MiddlewareObj } from '@middy/core';
import type { MessageCode } from '../runtime/message-codes.ts';
import { report } from '../runtime/report.ts';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import type { Answer } from './answer.ts';
import { readGatewayRequest } from './gateway-request.ts';
import { problem } from './problem.ts';

/** The message codes of a function for the two kinds of exception. */
export interface FaultCodes {
  readonly unavailable: MessageCode;
  /** Those of dependencies that ask for something else to be done, by the name of the dependency. */
  readonly unavailableBy?: Readonly<Record<string, MessageCode>>;
  readonly fault: MessageCode;
}

/** Turns every exception into a problem document and a line in the log. */
export function faults(codes: FaultCodes): MiddlewareObj<unknown, Answer> {
  return {
    onError: ({ error, event }) => {
      const { id } = readGatewayRequest(event);
      if (error instanceof Unavailable) {
        const { dependency, reason } = error;
        // With its own message code, so that an alarm can tell it from every other outage.
        const code =
          reason === 'changed' ? 'secret.changed' : (codes.unavailableBy?.[dependency] ?? codes.unavailable);
        report({ code, requestId: id, status: 503, dependency, reason });
        const detail = 'Try again in a moment.';
        return problem('temporarily-unavailable', id, { detail, retryAfterSeconds: retryAfterFaultSeconds });
      }
      report({ code: codes.fault, requestId: id, status: 500, reason: nameOf(error) });
      return problem('internal-error', id, { detail: 'Quote the instance when you report this.' });
    },
  };
}
