/**
 * The part of API Gateway's event (HTTP API, payload format 2.0) that we read. An event of another shape becomes a
 * request without headers or body, which the functions refuse like any other invalid one, because an odd event is not a bug
 * of ours. The client address is the one that the gateway saw, so no header can change it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import * as v from 'valibot';

const headers = v.fallback(v.record(v.string(), v.fallback(v.optional(v.string()), undefined)), {});

const gatewayRequestSchema = v.pipe(
  v.fallback(
    v.object({
      rawPath: v.fallback(v.string(), ''),
      headers,
      body: v.fallback(v.nullish(v.string(), ''), ''),
      isBase64Encoded: v.fallback(v.boolean(), false),
      requestContext: v.fallback(
        v.object({
          requestId: v.fallback(v.string(), 'unknown'),
          http: v.fallback(v.object({ sourceIp: v.fallback(v.string(), '') }), { sourceIp: '' }),
        }),
        { requestId: 'unknown', http: { sourceIp: '' } },
      ),
    }),
    {
      rawPath: '',
      headers: {},
      body: '',
      isBase64Encoded: false,
      requestContext: { requestId: 'unknown', http: { sourceIp: '' } },
    },
  ),
  v.transform(({ rawPath, headers, body, isBase64Encoded, requestContext }) => ({
    /** The gateway's id of the request. It is the `instance` of a refusal, and support looks it up. */
    id: requestContext.requestId,
    path: rawPath,
    /** By their names in lower case, as the gateway gives them. */
    headers,
    contentType: headers['content-type'],
    idempotencyKey: headers['idempotency-key'],
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
    sourceIp: requestContext.http.sourceIp,
  })),
);

/** A request as the functions see it. */
export type GatewayRequest = Readonly<v.InferOutput<typeof gatewayRequestSchema>>;

/** Reads an event; never throws. */
export function readGatewayRequest(event: unknown): GatewayRequest {
  return v.parse(gatewayRequestSchema, event);
}
