/**
 * The routes of sessions: one function answers all three. Each has a file with what its request may be and what its outcomes
 * look like: `token-endpoint.ts`, `revoke-endpoint.ts`, `sessions-endpoint.ts`.
 */
import type { MessageCode } from '../runtime/message-codes.ts';
import { rehearsalId, report } from '../runtime/report.ts';
import type { InvalidReason, SessionUnavailable } from '../sessions/session-ports.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import { type Answer, retryAfterOf } from './answer.ts';
import type { Deadline } from './deadline.ts';
import { type GatewayRequest, readGatewayRequest } from './gateway-request.ts';
import { type Endpoint, guardedEndpoint } from './guarded-endpoint.ts';
import { problem } from './problem.ts';

/** What the client and the log get. */
export interface SessionAnswer {
  readonly answer: Answer;
  /** Undefined where nothing is told: a plain refresh has its line in the access log. */
  readonly code: MessageCode | undefined;
  readonly reason?: string | undefined;
  /** Stands for the number in the log. */
  readonly numberTag?: string | undefined;
}

/** One request to one of the routes. */
export interface SessionRequest<World> extends Deadline {
  readonly world: World;
  readonly request: GatewayRequest;
}

/** Answers a request to one route. */
type Route<World> = (asked: SessionRequest<World>) => Promise<SessionAnswer>;

/** The routes, by their paths. */
type Routes<World> = Readonly<Record<'/auth/token' | '/auth/revoke' | '/auth/sessions', Route<World>>>;

const codes = { unavailable: 'session.unavailable', fault: 'session.fault' } as const;

/** The routes; `world` gives what was made at cold start, or throws why it could not be. */
export function sessionEndpoint<World>(
  world: () => World,
  routes: Routes<World>,
): Endpoint<World, { readonly form: string }> {
  const answerIn = async (made: World, event: unknown, deadline: Deadline): Promise<Answer> => {
    const request = readGatewayRequest(event);
    const { path, id } = request;
    if (!isRoute(routes, path)) return problem('not-found', id, { detail: 'See POST /auth/token.' });
    const { answer, code, reason, numberTag } = await routes[path]({ world: made, request, ...deadline });
    if (code !== undefined) {
      const retryAfterSeconds = retryAfterOf(answer);
      report({ code, reason, numberTag, retryAfterSeconds, requestId: id, status: answer.statusCode });
    }
    return answer;
  };
  return guardedEndpoint(world, { codes, answerIn, rehearsalEvent });
}

function isRoute<World>(routes: Routes<World>, path: string): path is keyof Routes<World> {
  return Object.hasOwn(routes, path);
}

/** As the gateway would send it. */
function rehearsalEvent({ form }: { readonly form: string }): object {
  return {
    rawPath: '/auth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form).toString('base64'),
    isBase64Encoded: true,
    requestContext: { requestId: rehearsalId },
  };
}

/** What the log says of a token that is of no use. */
export function invalidCode(reason: InvalidReason): MessageCode {
  switch (reason) {
    case 'reuse':
      return 'session.reuse';
    case 'forged':
    case 'unknown-key':
      return 'session.forged';
    case 'absent':
    case 'idle':
    case 'absolute':
    case 'not-before':
    case 'test-number':
    case 'older-generation':
      return 'session.over';
  }
}

const unavailableCodes = {
  'secret-outdated': 'session.secret-outdated',
  controls: 'session.controls-unreadable',
  late: 'session.late',
  damaged: 'session.damaged',
} as const satisfies Readonly<Record<SessionUnavailable['reason'], MessageCode>>;

/** The answer where the worker cannot judge a token: never one that signs the app out. */
export function presentUnavailable({ reason }: SessionUnavailable, instance: string): SessionAnswer {
  const members = { detail: 'Try again in a moment.', retryAfterSeconds: retryAfterFaultSeconds };
  return { answer: problem('temporarily-unavailable', instance, members), code: unavailableCodes[reason] };
}

/** The answer to a form that is too large. */
export function presentTooLarge(instance: string, maxBytes: number): SessionAnswer {
  const detail = `Send at most ${maxBytes} bytes.`;
  const answer = problem('body-too-large', instance, { detail, error: 'invalid_request' });
  return { answer, code: 'session.invalid' };
}
