/**
 * Turns a request of Node's server into API Gateway's event for an HTTP API, payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Bodies of these types become a string; every other body becomes base64, that of a form among them. */
const textType = /^(text\/|application\/(json|javascript|xml)|.*\+(json|xml))/i;

export interface GatewayEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: '$default';
    readonly time: string;
    readonly timeEpoch: number;
    readonly [other: string]: unknown;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** The event of one request. `nowMs` is epoch milliseconds. */
export function gatewayEvent(
  request: IncomingMessage,
  { routeKey, body, nowMs }: { routeKey: string; body: Buffer; nowMs: number },
): GatewayEvent {
  const { pathname, search, searchParams } = new URL(`http://localhost${request.url}`);
  const { cookie, ...headers } = combinedHeaders(request);
  const query = [...new Set(searchParams.keys())].map(
    (name) => [name, searchParams.getAll(name).join(',')] as const,
  );
  const requestId = newRequestId();
  const isText = textType.test(headers['content-type'] ?? 'text/plain');
  return {
    version: '2.0',
    routeKey,
    rawPath: pathname,
    rawQueryString: search.slice(1),
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; ?/) }),
    headers,
    ...(query.length === 0 ? {} : { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers['host'] ?? '',
      domainPrefix: 'local',
      http: {
        method: request.method ?? '',
        path: pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIpOf(request),
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(new Date(nowMs)),
      timeEpoch: nowMs,
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The gateway's id of a request. Every answer has it in the header `apigw-requestid`. */
export function newRequestId(): string {
  return randomBytes(11).toString('base64');
}

/** The client's address. A dual-stack socket shows an IPv4 client as an IPv4-mapped address. */
export function sourceIpOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

/** The headers with names in lower case. Several values of one name are joined by commas. */
function combinedHeaders(request: IncomingMessage): Record<string, string> {
  const combined: Record<string, string> = {};
  for (const [name, values] of Object.entries(request.headersDistinct))
    combined[name] = (values ?? []).join(',');
  return combined;
}

/** The time in the format `12/Mar/2026:19:03:58 +0000`. */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
