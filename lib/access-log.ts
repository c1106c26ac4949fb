/**
 * The gateway's access log: one JSON line per request, refused ones included. It names the route, not the path, and
 * holds no body, no query and no header, so neither a number nor a token can reach it. It has the client's address, because
 * without the address nobody could tell one source from many.
 *
 * The gateway does not check these names: it logs a mistyped variable as `-`. So this file uses documented ones only:
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
  // Lambda's own status, not our answer's: it shows whether the function failed or was throttled.
  lambdaStatus: '$context.integration.integrationStatus',
  lambdaRequestId: '$context.integration.requestId',
  responseBytes: '$context.responseLength',
  gatewayError: '$context.error.responseType',
};

/** The format of one line. Latencies are in milliseconds. */
export const accessLogFormat: string = JSON.stringify(line);
