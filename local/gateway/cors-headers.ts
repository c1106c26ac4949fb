/**
 * CORS as in an HTTP API. With a configuration, the gateway answers every preflight by itself and adds its own headers to
 * each answer for an allowed origin. Without one it does nothing.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
import type { IncomingMessage } from 'node:http';
import type { Cors } from '../deployed-routes.ts';

type Headers = Readonly<Record<string, string>>;

/** The headers of the 204 for a preflight; undefined for any other request. */
export function preflightHeaders(
  cors: Cors | undefined,
  { method, headers }: IncomingMessage,
): Headers | undefined {
  const isPreflight =
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined;
  if (cors === undefined || !isPreflight) return undefined;
  if (!cors.AllowOrigins.includes(headers.origin ?? '')) return {};
  return {
    'access-control-allow-methods': cors.AllowMethods.join(','),
    'access-control-allow-headers': cors.AllowHeaders.join(','),
    'access-control-max-age': String(cors.MaxAge),
  };
}

/** The headers that let a page of an allowed origin read an answer. */
export function corsHeaders(cors: Cors | undefined, { headers: { origin } }: IncomingMessage): Headers {
  if (cors === undefined || origin === undefined || !cors.AllowOrigins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': cors.ExposeHeaders.join(','),
    vary: 'Origin',
  };
}
