/**
 * The gateway's access log: one JSON line per request, refused ones included. It names the route, not the path, and
 * holds no body, no query and no header, so neither a number nor a token can reach it. The client's address is in it,
 * because without it nobody can tell one source from many.
 *
 * The gateway does not check these names: a mistyped variable is logged as `-`. Only documented ones are used:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */

const line = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  routeKey: '$context.routeKey',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  responseLatencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  // Of Lambda itself, not of our answer: says whether the function was throttled or failed.
  lambdaStatus: '$context.integration.integrationStatus',
  lambdaRequestId: '$context.integration.requestId',
  responseBytes: '$context.responseLength',
  gatewayError: '$context.error.responseType',
};

/** The format of one line. Latencies are in milliseconds. */
export const accessLogFormat: string = JSON.stringify(line);
