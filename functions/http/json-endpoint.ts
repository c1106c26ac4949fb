/**
 * What both routes of the app share: event to input, a time limit, a refusal for what is malformed, one report per
 * decision, and a problem document for whatever is thrown.
 */
import type { GenericSchema } from 'valibot';
import type { MessageCode } from '../runtime/message-codes.ts';
import { type Measures, rehearsalId, report } from '../runtime/report.ts';
import { type Answer, type Presented, retryAfterOf } from './answer.ts';
import type { Deadline } from './deadline.ts';
import type { FaultCodes } from './faults.ts';
import { type GatewayRequest, readGatewayRequest } from './gateway-request.ts';
import { type Endpoint, guardedEndpoint } from './guarded-endpoint.ts';
import { parseJsonBody } from './json-body.ts';

/** One valid request. */
export interface Asked<Input> extends Deadline {
  readonly request: GatewayRequest;
  readonly input: Input & { readonly idempotencyKey: string | undefined };
}

/** The answer to it, and what the log and the metrics say of it. */
interface Answered extends Presented {
  /** Stands for the number in the log. */
  readonly numberTag: string | undefined;
  /** The provider's id of the SMS, for the log. */
  readonly messageId?: string | undefined;
  readonly measures?: Measures;
}

interface JsonEndpoint<World, Input> {
  readonly codes: FaultCodes & { readonly invalid: MessageCode };
  readonly schema: (world: World) => GenericSchema<unknown, Input>;
  readonly run: (asked: Asked<Input> & { readonly world: World }) => Promise<Answered>;
}

/** One route; `world` gives what was made at cold start, or throws why it could not be. */
export function jsonEndpoint<World, Input>(
  world: () => World,
  { codes, schema, run }: JsonEndpoint<World, Input>,
): Endpoint<World, { readonly body: unknown }> {
  const answerIn = async (made: World, event: unknown, deadline: Deadline): Promise<Answer> => {
    const request = readGatewayRequest(event);
    const parsed = parseJsonBody(request, schema(made));
    if (parsed.tag === 'refused') {
      const { statusCode: status } = parsed.answer;
      report({ code: codes.invalid, requestId: request.id, status });
      return parsed.answer;
    }
    const input = { ...parsed.input, idempotencyKey: parsed.idempotencyKey };
    const answered = await run({ world: made, request, input, ...deadline });
    const { answer, code, numberTag, reason, messageId, measures } = answered;
    const told = { code, numberTag, reason, messageId, retryAfterSeconds: retryAfterOf(answer) };
    report({ ...told, requestId: request.id, status: answer.statusCode }, measures);
    return answer;
  };
  return guardedEndpoint(world, { codes, answerIn, rehearsalEvent });
}

/** As the gateway would send it; the address is for documentation (RFC 5737). */
function rehearsalEvent({ body }: { readonly body: unknown }): object {
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    requestContext: { requestId: rehearsalId, http: { sourceIp: '192.0.2.1' } },
  };
}
