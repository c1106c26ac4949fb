/**
 * Which pages may call the API from a browser. None may, unless the settings list origins: the callers are apps and
 * servers, and a foreign page must not spend an SMS from a visitor's browser. A plain form cannot do so either, because
 * the routes of a sign-in refuse a body that is not `application/json`, and a script needs a preflight to send one. The
 * routes of sessions do take forms, without a preflight: a foreign page has no refresh token to put into one.
 *
 * Credentials are not allowed, because nothing here reads a cookie.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import { deviceHeader } from '../functions/http/credentials.ts';
import type { Settings } from '../functions/settings/settings.ts';

/** The configuration for a list of exact origins. It allows the headers that the settings ask a page to send. */
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
