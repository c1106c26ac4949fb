/**
 * A client of the AWS JSON protocols, as small as the calls that the API functions make: it stands in for the SDK's
 * clients in their bundles, with their names and their errors' names. The SDK's general machinery costs a millisecond
 * of CPU per call and most of a cold start; the rotation functions, which run seldom and call more, keep it.
 *
 * Given up for that: the SDK's correction of a wrong clock, its other endpoints (FIPS, dual-stack, account ids), its
 * configuration files and its retry quota. Credentials and region come from the environment, as Lambda sets them.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, named, post, type TimeLimits } from './exchange.ts';
import { authorization } from './signature-v4.ts';

export interface ClientOptions {
  readonly maxAttempts: number;
  readonly requestHandler: TimeLimits;
}

/** How one service is spoken to. */
export interface Service {
  /** In endpoints and signatures. */
  readonly name: 'dynamodb' | 'secretsmanager';
  /** Before the operation's name in `x-amz-target`. */
  readonly target: string;
  readonly contentType: string;
  /** The variable that names another endpoint. */
  readonly endpointVariable: string;
}

/** One call: the operation's name, and its input as it goes over the wire. */
export interface Command {
  readonly operation: string;
  readonly input: object;
}

/** An error of the service, under the service's own name. */
export interface ServiceError {
  readonly name: string;
  readonly status: number;
  /** What came beside its name and message. */
  readonly body: Readonly<Record<string, unknown>>;
}

interface CallOptions {
  readonly abortSignal?: AbortSignal | undefined;
}

/** Before the second try: at most this, and this where the service throttles. */
const pauseMs = 50;
const throttledPauseMs = 500;

const throttles = /Throttl|TooManyRequests|ThroughputExceeded|RequestLimitExceeded|LimitExceeded|SlowDown/;
const isWorthAnotherTry = ({ status, errorType }: Answer): boolean =>
  status >= 500 || status === 429 || throttles.test(errorType ?? '');

/** A client of `service`; nothing is sent yet. `toError` makes what a service's error is thrown as. */
export function connectJson(
  service: Service,
  { maxAttempts, requestHandler }: ClientOptions,
  toError: (error: ServiceError) => Error,
) {
  const region = process.env['AWS_REGION'] ?? '';
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL(process.env[service.endpointVariable] ?? `https://${service.name}.${region}.${suffix}`);

  const attempt = async (
    command: Command,
    body: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer> => {
    if (signal?.aborted) throw named('AbortError');
    const headers = signed({ service, region, host: url.host }, command, body);
    const answer = await post({ url, headers, body, signal, ...requestHandler });
    return { ...answer, errorType: answer.status === 200 ? undefined : errorTypeOf(answer) };
  };

  return async (command: Command, { abortSignal }: CallOptions = {}): Promise<Record<string, unknown>> => {
    const body = JSON.stringify(command.input);
    for (let tries = 1; ; tries += 1) {
      const isLast = tries >= maxAttempts;
      let longestPauseMs = pauseMs;
      try {
        const answer = await attempt(command, body, abortSignal);
        if (answer.status === 200) return parse(answer.text);
        if (isLast || !isWorthAnotherTry(answer)) {
          const { status, errorType: name = 'UnknownError' } = answer;
          throw new Final(toError({ name, status, body: parseOrNothing(answer.text) }));
        }
        if (throttles.test(answer.errorType ?? '')) longestPauseMs = throttledPauseMs;
      } catch (error) {
        if (error instanceof Final) throw error.error;
        if (isLast || abortSignal?.aborted || error instanceof SyntaxError) throw error;
      }
      await pause(Math.random() * longestPauseMs, undefined, abortSignal && { signal: abortSignal });
    }
  };
}

/** An answer that no second try would change. */
class Final {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }
}

interface Place {
  readonly service: Service;
  readonly region: string;
  readonly host: string;
}

function signed({ service, region, host }: Place, { operation }: Command, body: string) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) throw named('CredentialsProviderError');
  const headers = {
    'content-type': service.contentType,
    host,
    'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d{3}/g, ''),
    'x-amz-target': `${service.target}.${operation}`,
    ...(AWS_SESSION_TOKEN ? { 'x-amz-security-token': AWS_SESSION_TOKEN } : {}),
  };
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const request = { method: 'POST', path: '/', query: '', headers, body, region, service: service.name };
  return {
    ...headers,
    authorization: authorization(credentials, request),
    'content-length': String(Buffer.byteLength(body)),
  };
}

/** `com.amazonaws.dynamodb.v20120810#Name:uri`: the name. */
function errorTypeOf({ errorType, text }: Answer): string | undefined {
  const { __type: type, code } = parseOrNothing(text);
  const full = [errorType, type, code].find((name) => typeof name === 'string');
  return full?.toString().split('#').at(-1)?.split(':')[0];
}

function parse(text: string): Record<string, unknown> {
  return { ...JSON.parse(text) };
}

function parseOrNothing(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch {
    return {};
  }
}
