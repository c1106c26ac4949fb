/**
 * API Gateway in front of the functions, with the template's routes and throttles, the gateway's event format, and its own
 * answers (`{"message": …}`). The client's address is the socket's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { Cors, DeployedRoute } from '../deployed-routes.ts';
import { readBody } from '../listeners/read-body.ts';
import type { Invocation } from '../workers/worker-process.ts';
import { corsHeaders, preflightHeaders } from './cors-headers.ts';
import { type GatewayEvent, gatewayEvent, newRequestId, sourceIpOf } from './event.ts';
import { createThrottle, type Throttle } from './throttle.ts';

const maxPayloadBytes = 10 * 1024 * 1024;
const integrationTimeoutMs = 30_000;

/** What the observer learns about an answered request. */
export interface AccessRecord {
  readonly event: GatewayEvent | undefined;
  readonly method: string;
  readonly path: string;
  readonly sourceIp: string;
  readonly routeKey: string;
  readonly status: number;
  readonly latencyMs: number;
  readonly responseBytes: number;
}

export interface GatewayOptions {
  readonly routes: readonly DeployedRoute[];
  readonly cors: Cors | undefined;
  readonly invoke: (route: DeployedRoute, event: GatewayEvent) => Promise<Invocation>;
  readonly onAccess: (record: AccessRecord) => void;
}

interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Gateway = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Creates the request handler of an HTTP server that stands for the gateway. */
export function createGateway({ routes, cors, invoke, onAccess }: GatewayOptions): Gateway {
  const byKey = new Map(
    routes.map((route) => [route.routeKey, { route, throttle: createThrottle(route) }] as const),
  );
  return async (request, response) => {
    const startedAtMs = performance.now();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const routeKey = `${request.method} ${path}`;
    const preflight = preflightHeaders(cors, request);
    const { answer, event } =
      preflight === undefined
        ? await answerTo(request, { match: byKey.get(routeKey), invoke })
        : { answer: { status: 204, headers: preflight, body: Buffer.alloc(0) }, event: undefined };
    const id = { 'apigw-requestid': event?.requestContext.requestId ?? newRequestId() };
    send(response, { ...answer, headers: { ...answer.headers, ...id, ...corsHeaders(cors, request) } });
    onAccess({
      event,
      method: request.method ?? '',
      path: byKey.has(routeKey) ? path : '(no route)',
      sourceIp: sourceIpOf(request),
      routeKey: byKey.has(routeKey) ? routeKey : '$default',
      status: answer.status,
      latencyMs: Math.round(performance.now() - startedAtMs),
      responseBytes: answer.body.length,
    });
  };
}

interface Match {
  readonly match: { readonly route: DeployedRoute; readonly throttle: Throttle } | undefined;
  readonly invoke: GatewayOptions['invoke'];
}

async function answerTo(
  request: IncomingMessage,
  { match, invoke }: Match,
): Promise<{ answer: GatewayAnswer; event: GatewayEvent | undefined }> {
  const body = await readBody(request, maxPayloadBytes);
  if (match === undefined) return { answer: ownAnswer(404, 'Not Found'), event: undefined };
  if (!match.throttle.admits(performance.now()))
    return { answer: ownAnswer(429, 'Too Many Requests'), event: undefined };
  if (body === undefined) return { answer: ownAnswer(413, 'Request Entity Too Large'), event: undefined };
  const event = gatewayEvent(request, { routeKey: match.route.routeKey, body, nowMs: Date.now() });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Invocation>((resolve) => {
    timer = setTimeout(() => resolve({ tag: 'timeout' }), integrationTimeoutMs);
  });
  const invocation = await Promise.race([invoke(match.route, event), tooLate]);
  clearTimeout(timer);
  return { answer: answerOf(invocation), event };
}

function answerOf(invocation: Invocation): GatewayAnswer {
  switch (invocation.tag) {
    case 'result':
      return formatted(invocation.result);
    case 'timeout':
      return ownAnswer(503, 'Service Unavailable');
    case 'error':
    case 'crash':
      return ownAnswer(500, 'Internal Server Error');
  }
}

const answerSchema = v.object({
  statusCode: v.number(),
  headers: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), {}),
  body: v.optional(v.string(), ''),
  isBase64Encoded: v.optional(v.boolean(), false),
});

/** Sends a result in payload format 2.0. A result without `statusCode` is the body of a 200. */
function formatted(result: unknown): GatewayAnswer {
  const parsed = v.safeParse(answerSchema, result);
  if (!parsed.success) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(result) ?? ''),
    };
  }
  const { statusCode, headers, body, isBase64Encoded } = parsed.output;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: Object.fromEntries(named),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function ownAnswer(status: number, message: string): GatewayAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

function send(response: ServerResponse, { status, headers, body }: GatewayAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}
