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
import { deviceHeader } from '../functions/http/credentials.ts';
import type { Settings } from '../functions/settings/settings.ts';

/** The configuration for a list of exact origins; what the settings ask a page to send, it may send. */
export function corsFor(
  allowedOrigins: readonly string[],
  { session, attestation }: Pick<Settings, 'session' | 'attestation'>,
): CorsPreflightOptions {
  return {
    allowOrigins: [...allowedOrigins],
    allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
    allowHeaders: [
      'content-type',
      'idempotency-key',
      deviceHeader,
      ...(session === undefined ? [] : ['authorization']),
      ...(attestation === undefined ? [] : [attestation.headerName]),
    ],
    exposeHeaders: ['retry-after', 'apigw-requestid'],
    maxAge: Duration.hours(1),
  };
}
