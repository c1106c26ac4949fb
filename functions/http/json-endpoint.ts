/**
 * What both routes of the app share: event to input, a time limit, a refusal for what is malformed, one report per
 * decision, and a problem document for whatever is thrown.
 */
import middy from '@middy/core';
import type { GenericSchema } from 'valibot';
import type { MessageCode } from '../runtime/message-codes.ts';
import { type Measures, rehearsalId, report } from '../runtime/report.ts';
import type { Answer, Presented } from './answer.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type FaultCodes, faults } from './faults.ts';
import { type GatewayRequest, readGatewayRequest } from './gateway-request.ts';
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

/** A request that init makes of itself. */
interface Rehearsal<World> {
  /** The stage: what was made at cold start, with stand-ins for all that has an effect. */
  readonly world: World;
  /** A valid body. */
  readonly body: unknown;
  readonly signal: AbortSignal;
}

interface Endpoint<World> {
  readonly handler: middy.MiddyfiedHandler<unknown, Answer>;
  /** Runs a request in init, so that its code is compiled before the first event. Reports nothing. */
  readonly rehearse: (rehearsal: Rehearsal<World>) => Promise<Answer>;
}

/** One route; `world` gives what was made at cold start, or throws why it could not be. */
export function jsonEndpoint<World, Input>(
  world: () => World,
  { codes, schema, run }: JsonEndpoint<World, Input>,
): Endpoint<World> {
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
    const wait = answer.headers['retry-after'];
    const told = {
      ...(numberTag !== undefined && { numberTag }),
      ...(reason !== undefined && { reason }),
      ...(messageId !== undefined && { messageId }),
      ...(wait !== undefined && { retryAfterSeconds: Number(wait) }),
    };
    report({ code, ...told, requestId: request.id, status: answer.statusCode }, measures);
    return answer;
  };
  const guarded = (answer: (event: unknown) => Promise<Answer>): middy.MiddyfiedHandler<unknown, Answer> =>
    middy<unknown, Answer>().use(faults(codes)).handler(answer);
  return {
    handler: guarded((event) => withDeadline((deadline) => answerIn(world(), event, deadline))),
    rehearse: ({ world: stage, body, signal }) => {
      const answer = guarded((event) =>
        withDeadline((deadline) => answerIn(stage, event, { ...deadline, signal })),
      );
      return answer(rehearsalEvent(body), {});
    },
  };
}

/** As the gateway would send it; the address is for documentation (RFC 5737). */
function rehearsalEvent(body: unknown): object {
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    requestContext: { requestId: rehearsalId, http: { sourceIp: '192.0.2.1' } },
  };
}
