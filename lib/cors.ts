/**
 * Which pages may call the API from a browser. Closed unless origins are listed: the callers are apps and servers, and
 * somebody else's page must not be able to spend an SMS from a visitor's browser. It cannot do so with a plain form
 * either, because a body that is not `application/json` is refused, and a script needs a preflight for one that is.
 *
 * Credentials are not allowed: nothing here reads a cookie.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';

/** The configuration for a list of exact origins. */
export function corsFor(allowedOrigins: readonly string[]): CorsPreflightOptions {
  return {
    allowOrigins: [...allowedOrigins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
    allowHeaders: ['content-type', 'idempotency-key'],
    exposeHeaders: ['retry-after'],
    maxAge: Duration.hours(1),
  };
}
