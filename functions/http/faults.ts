/**
 * The middleware between what was thrown and the app: something that we depend on did not answer (503), or we have
 * a bug (500). The app gets no detail of either; the log gets the name of what failed and nothing that could hold
 * a value.
 */
import type { MiddlewareObj } from '@middy/core';
import { retryAfterFaultSeconds } from '../otp/policy.ts';
import { nameOf, Unavailable } from '../otp/unavailable.ts';
import type { Answer } from './answer.ts';
import { readGatewayRequest } from './gateway-request.ts';
import { logFault } from './log.ts';
import { problem } from './problem.ts';

/** Turns every exception into a problem document. `flow` starts the message code, such as `verify-otp`. */
export function faults(flow: string): MiddlewareObj<unknown, Answer> {
  return {
    onError: (request) => {
      const { error } = request;
      const { id } = readGatewayRequest(request.event);
      if (error instanceof Unavailable) {
        const { dependency, reason } = error;
        logFault({ code: `${flow}.unavailable`, requestId: id, dependency, reason });
        const detail = 'Try again in a moment.';
        return problem('temporarily-unavailable', id, { detail, retryAfterSeconds: retryAfterFaultSeconds });
      }
      logFault({ code: `${flow}.fault`, requestId: id, reason: nameOf(error) });
      return problem('internal-error', id, { detail: 'Quote the instance when you report this.' });
    },
  };
}
