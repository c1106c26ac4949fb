/**
 * Builds `openapi.json`, the HTTP API for people and generators, from the schemas that the functions and their tests use.
 * It covers deployments with any settings, so a member that some deployments lack is optional.
 */
import { idempotencyKeySchema } from '../../functions/http/json-body.ts';
import { problems } from '../../functions/http/problem.ts';
import { maxBodyBytes } from '../../functions/settings/fixed-numbers.ts';
import { answerExamples, headerExamples } from './examples.ts';
import { type Operation, refusedBy, unions } from './refusals.ts';
import { componentSchemas, jsonSchema, problemNames, reference, schemaName } from './schemas.ts';

/** The answers of the gateway itself, with the body `{"message"}`. */
const gatewayStatuses = [413, 429, 500, 503];

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request is not valid: `errors` names each member.',
  401: 'The session is missing or was refused.',
  403: 'The app is not attested.',
  413: `The body is above ${maxBodyBytes} bytes.`,
  415: 'The body is not JSON.',
  422: 'Understood, and refused.',
  429: 'Wait as Retry-After says. Without it the gateway is throttling: wait a moment.',
  500: 'A fault of ours.',
  503: 'Something that we depend on failed. Wait as Retry-After says.',
};

/** The 403 of a refresh; the other 403 is about the app. */
const denied = 'The number is denied. The session waits and has not ended.';

const usedStatuses: readonly number[] = problemNames.map((name) => problems[name].status);

const wwwAuthenticate = {
  description: 'How to show who calls.',
  schema: { type: 'string' },
  example: 'Bearer',
};

function refusals(operation: Operation): object {
  const ours = problemNames.filter((name) => refusedBy[name].includes(operation));
  const statuses = [...new Set([...ours.map((name) => problems[name].status), ...gatewayStatuses])].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const names = ours.filter((name) => problems[name].status === status).map(schemaName);
      return [status, refusal(status, names)];
    }),
  );
}

function refusal(status: number, names: readonly string[]): object {
  const isGateway = gatewayStatuses.includes(status);
  return {
    description: [
      names.includes('Denied') ? denied : (descriptions[status] ?? 'Refused.'),
      // Generators take one media type for each status: the first, which is ours.
      ...(isGateway && names.length > 0
        ? ['As application/json it is the gateway’s own answer, before the functions.']
        : []),
    ].join(' '),
    headers: {
      ...headers('Cache-Control', 'Apigw-Requestid'),
      ...(status === 429 || status === 503 ? headers('Retry-After') : {}),
      ...(status === 401 ? headers('WWW-Authenticate') : {}),
    },
    content: {
      ...(names.length === 0 ? {} : { 'application/problem+json': { schema: reference(nameOfAll(names)) } }),
      ...(isGateway ? { 'application/json': { schema: reference('GatewayMessage') } } : {}),
    },
  };
}

/** The name of the schema of these problems. Throws where they are several, and have no name together. */
function nameOfAll(names: readonly string[]): string {
  const [first = '', ...others] = names;
  if (others.length === 0) return first;
  const union = Object.entries(unions).find(
    ([, members]) => String(members.map(schemaName).toSorted()) === String(names.toSorted()),
  );
  if (union === undefined) throw new Error(`name the union of ${names.join(' and ')} in refusals.ts`);
  return union[0];
}

function headers(...names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function success(description: string, name: keyof typeof answerExamples, mediaType: string): object {
  return {
    description,
    headers: headers('Cache-Control', 'Apigw-Requestid'),
    content: { [mediaType]: { schema: reference(name), example: answerExamples[name] } },
  };
}

interface Post {
  readonly operationId: Operation;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly string[];
  readonly body: string;
  readonly answers: object;
}

function post({ operationId, summary, description, parameters, body, answers }: Post): object {
  return {
    post: {
      operationId,
      summary,
      description,
      tags: ['Sign in'],
      security: [{}, { session: [] }],
      parameters: parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
      requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } },
      responses: { ...answers, ...refusals(operationId) },
    },
  };
}

/** Where the client came with `Authorization: Basic`; without that header the same error is a 400. */
const otherClient = {
  description: '`invalid_client`: the header Authorization has the Basic credentials of another client.',
  headers: headers('Cache-Control', 'Apigw-Requestid', 'WWW-Authenticate'),
  content: { 'application/json': { schema: reference('OauthError') } },
};

interface OfSessions extends Omit<Post, 'parameters'> {
  readonly mediaType: 'application/x-www-form-urlencoded' | 'application/json';
  /** What `invalid_grant` means, where the route answers it. */
  readonly invalidGrant?: string;
}

/** A route of sessions. Its 400 is an error of OAuth; where the body is JSON, it can be a problem document as well. */
function ofSessions({
  operationId,
  summary,
  description,
  body,
  mediaType,
  invalidGrant,
  answers,
}: OfSessions): object {
  const { 400: invalid, ...others } = { 400: {}, ...refusals(operationId) };
  const oauthError = {
    schema: reference('OauthError'),
    ...(invalidGrant !== undefined && { example: answerExamples.OauthError }),
  };
  return {
    post: {
      operationId,
      summary,
      description,
      tags: ['Stay signed in'],
      security: [{}],
      requestBody: { required: true, content: { [mediaType]: { schema: reference(body) } } },
      responses: {
        ...answers,
        400: {
          headers: headers('Cache-Control', 'Apigw-Requestid'),
          ...invalid,
          description:
            invalidGrant === undefined
              ? 'An error of OAuth: the request is not valid.'
              : `As application/json an error of OAuth. \`invalid_grant\`: ${invalidGrant} Any other: the request is not valid.`,
          // Generators take the first media type: `invalid_grant` is the one that an app has to read.
          content: { 'application/json': oauthError, ...('content' in invalid && Object(invalid.content)) },
        },
        ...(mediaType === 'application/x-www-form-urlencoded' && { 401: otherClient }),
        ...others,
      },
    },
  };
}

function get(operationId: Operation, summary: string, answers: object): object {
  const responses = { ...answers, ...refusals(operationId) };
  return { get: { operationId, summary, tags: ['Check a token'], security: [{}], responses } };
}

function headerParameter(name: string, described: { description: string; schema: object; example: string }) {
  return { name, in: 'header', required: false, ...described };
}

/** The content of `openapi.json`. */
export function openApiDocument(version: string): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Doorcode',
      version,
      summary: 'Phone sign-in for mobile apps: ask for a code, type it in, get a token.',
      description:
        'Refusals are problem documents (RFC 9457): decide by `type`, and treat an unknown one by its status. ' +
        'Answers may get further members: ignore those that you do not know.',
      license: { name: 'See the repository', identifier: 'LicenseRef-unlicensed' },
    },
    servers: [
      {
        url: 'https://{host}',
        description: 'Your deployment',
        variables: { host: { default: 'api.example.com', description: 'The host of your own API.' } },
      },
    ],
    tags: [
      { name: 'Sign in', description: 'The two calls of a sign-in.' },
      {
        name: 'Stay signed in',
        description: 'Where the deployment has sessions, and the app asked for one.',
      },
      { name: 'Check a token', description: 'What your other APIs read, by themselves.' },
    ],
    paths: {
      '/auth/request-otp': post({
        operationId: 'requestOtp',
        summary: 'Ask for a code by SMS',
        description:
          'Sends at most one SMS. Use a new Idempotency-Key for each tap, and the same one to repeat a call whose ' +
          'answer got lost. `previousRequestId` makes it your own resend: then the code of either SMS works.',
        parameters: ['IdempotencyKey', 'DoorcodeDevice'],
        body: 'RequestOtp',
        answers: {
          202: success(
            'A code is on its way, or may be: see `delivery`.',
            'RequestOtpAccepted',
            'application/json',
          ),
        },
      }),
      '/auth/verify-otp': post({
        operationId: 'verifyOtp',
        summary: 'Type the code in',
        description:
          'A code wins once. Repeated with the same Idempotency-Key it gives the token again for 60 s. `session` asks for a ' +
          'session; a deployment without sessions takes the member, and starts none.',
        parameters: ['IdempotencyKey'],
        body: 'VerifyOtp',
        answers: { 200: success('Signed in.', 'Verified', 'application/json') },
      }),
      '/auth/token': ofSessions({
        operationId: 'refresh',
        summary: 'Refresh a session',
        description:
          'RFC 6749, section 6, for a public client. Each refresh token works once; the same `attempt` gets the same answer ' +
          'again. Whoever uses an earlier token with another attempt ends the session.',
        body: 'RefreshRequest',
        invalidGrant: 'the session is over, sign in again.',
        mediaType: 'application/x-www-form-urlencoded',
        answers: { 200: success('Refreshed.', 'Refreshed', 'application/json') },
      }),
      '/auth/revoke': ofSessions({
        operationId: 'revoke',
        summary: 'Sign out',
        description: 'RFC 7009. A token that is not ours, or no longer alive, gets the same 200.',
        body: 'RevokeRequest',
        mediaType: 'application/x-www-form-urlencoded',
        answers: {
          200: {
            description: 'The session is over, or never was.',
            headers: headers('Cache-Control', 'Apigw-Requestid'),
          },
        },
      }),
      '/auth/sessions': ofSessions({
        operationId: 'sessions',
        summary: 'List the sessions of the number, and end some',
        description:
          'For the holder of the latest refresh token of one of them. `end` ends the others, all, or those with the ids; the ' +
          'answer is the list as it is then.',
        body: 'SessionsRequest',
        invalidGrant: 'it is not the latest refresh token of a session. Refresh, and ask again.',
        mediaType: 'application/json',
        answers: { 200: success('The sessions.', 'Sessions', 'application/json') },
      }),
      '/.well-known/oauth-authorization-server': get('serverMetadata', 'Where a session is refreshed', {
        200: success(
          'The metadata of the authorization server (RFC 8414).',
          'ServerMetadata',
          'application/json',
        ),
      }),
      '/.well-known/openid-configuration': get('discovery', 'Where the keys are', {
        200: success('The discovery document.', 'Discovery', 'application/json'),
      }),
      '/.well-known/jwks.json': get('jwks', 'The public keys', {
        200: success('The keys that tokens are checked with.', 'Jwks', 'application/jwk-set+json'),
      }),
    },
    components: {
      securitySchemes: {
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Only where the deployment asks for a session of the caller, for a purpose.',
        },
      },
      parameters: {
        IdempotencyKey: headerParameter('Idempotency-Key', {
          description: 'New for each intention, the same when one is repeated.',
          schema: jsonSchema(idempotencyKeySchema),
          example: headerExamples.idempotencyKey,
        }),
        DoorcodeDevice: headerParameter('Doorcode-Device', {
          description: 'The deviceToken of an earlier sign-in. One that is not known is ignored.',
          // Any text is taken, so no pattern: a client that checks it would refuse what the server ignores.
          schema: { type: 'string' },
          example: headerExamples.deviceToken,
        }),
      },
      headers: {
        'Cache-Control': {
          description: '`no-store`, but for the well-known documents. The gateway’s own answers have none.',
          schema: { type: 'string' },
          example: 'no-store',
        },
        'Apigw-Requestid': {
          description:
            'The id of the request, the same as `instance`. Support takes it where an answer has no supportReference.',
          schema: { type: 'string' },
          example: headerExamples.requestRef,
        },
        'Retry-After': {
          description: 'Seconds to wait (RFC 9110, section 10.2.3).',
          schema: { type: 'string', pattern: '^[0-9]+$' },
          example: headerExamples.retryAfter,
        },
        ...(usedStatuses.includes(401) ? { 'WWW-Authenticate': wwwAuthenticate } : {}),
      },
      schemas: componentSchemas(),
    },
  };
}
