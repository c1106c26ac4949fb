/** An event of API Gateway for one call, as far as anybody reads it. */

/** The event of a POST to `rawPath`. */
export function gatewayEvent(rawPath: string, body: unknown): object {
  return {
    version: '2.0',
    routeKey: `POST ${rawPath}`,
    rawPath,
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId: 'bench', http: { method: 'POST', path: rawPath, sourceIp: '203.0.113.7' } },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}

let next = 0;

/** A number that this run has not used yet. */
export function freshNumber(): string {
  next += 1;
  return `+91${7_000_000_000 + next}`;
}
