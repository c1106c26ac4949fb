/**
 * Converts valibot schemas to the schemas of the document. Answers may get more members later, and clients must accept
 * that. So the document leaves answers open, although our tests check them strictly. Request bodies stay strict.
 */
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import * as answers from '../../functions/http/answer-schemas.ts';
import { type ProblemName, problems } from '../../functions/http/problem.ts';
import { problemSchema } from '../../functions/http/problem-schemas.ts';
import { requestOtpSchema } from '../../functions/http/request-otp-endpoint.ts';
import { sessionsBodySchema } from '../../functions/http/sessions-endpoint.ts';
import { sessionWishMembers, verifyOtpSchema } from '../../functions/http/verify-otp-endpoint.ts';
import { contextNameSchema, contextValueSchema } from '../../functions/otp/caller.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { defaultPurpose, purposeSchema } from '../../functions/settings/sms-settings.ts';
import { localeSchema } from '../../functions/settings/sms-templates.ts';
import { answerExamples, bodyExamples, problemExample } from './examples.ts';
import { refusedBy } from './refusals.ts';

/** `incorrect-code` as a name in the document: `IncorrectCode`. */
export function schemaName(name: ProblemName): string {
  return name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

/** One header or body member. */
export function jsonSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...json } = toJsonSchema(schema, {
    typeMode: 'input',
    target: 'draft-2020-12',
    // A brand exists only in our types, not in JSON.
    // JSON has no number that is not finite, and its text is taken for whole Unicode.
    ignoreActions: ['brand', 'finite', 'check'],
  });
  return typed(json);
}

/** Adds a `type` beside each `const`, because generators do not derive it from the constant. */
function typed(schema: JsonSchema): JsonSchema {
  const { const: constant, properties, items } = schema;
  return {
    ...schema,
    ...(typeof constant === 'string' ? { type: 'string' as const } : {}),
    ...(typeof constant === 'number' ? { type: 'integer' as const } : {}),
    ...(properties === undefined ? {} : { properties: mapped(properties) }),
    ...(typeof items === 'object' && !Array.isArray(items) ? { items: typed(items) } : {}),
  };
}

function mapped(properties: NonNullable<JsonSchema['properties']>): NonNullable<JsonSchema['properties']> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [
      name,
      typeof member === 'object' ? typed(member) : member,
    ]),
  );
}

/** Every schema of the document, by its name. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const successes = {
    RequestOtpAccepted: answers.requestOtpAcceptedSchema,
    Verified: answers.verifiedSchema,
    Refreshed: answers.refreshedSchema,
    Sessions: answers.sessionsSchema,
    OauthError: answers.oauthErrorSchema,
    Discovery: answers.discoverySchema,
    ServerMetadata: answers.serverMetadataSchema,
    Jwks: answers.jwksSchema,
    GatewayMessage: answers.gatewayMessageSchema,
  } as const;
  return {
    RequestOtp: { ...requestBody(), examples: [bodyExamples.requestOtp] },
    VerifyOtp: { ...withContext(verifyBody()), examples: [bodyExamples.verifyOtp] },
    RefreshRequest: { ...refreshForm(), examples: [bodyExamples.refresh] },
    RevokeRequest: { ...revokeForm(), examples: [bodyExamples.revoke] },
    SessionsRequest: { ...jsonSchema(sessionsBodySchema), examples: [bodyExamples.sessions] },
    ...Object.fromEntries(
      Object.entries(successes).map(([name, schema]) => [
        name,
        { ...opened(jsonSchema(schema)), examples: [answerExamples[name as keyof typeof successes]] },
      ]),
    ),
    ...Object.fromEntries(
      problemNames.map((name) => [
        schemaName(name),
        {
          title: problems[name].title,
          ...opened(jsonSchema(problemSchema(name))),
          examples: [problemExample(name)],
        },
      ]),
    ),
  };
}

/** Every name of a problem document that an operation answers. */
export const problemNames = (Object.keys(problems) as ProblemName[]).filter(
  (name) => refusedBy[name].length > 0,
);

/** The converter does not look behind the check that a wish for a session is no list. */
function verifyBody(): JsonSchema {
  const body = jsonSchema(verifyOtpSchema({}));
  return { ...body, properties: { ...body.properties, session: jsonSchema(sessionWishMembers) } };
}

/** The form of RFC 6749, section 6. Parameters that it does not name are ignored, so the document leaves it open. */
function refreshForm(): JsonSchema {
  const properties = {
    grant_type: { type: 'string', const: 'refresh_token' },
    refresh_token: jsonSchema(answers.refreshTokenSchema),
    attempt: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{16,64}$',
      description:
        'Drawn when a refresh token arrives, kept with it and sent with it, the same at every try. The same attempt gets the ' +
        'same answer again, whenever it asks.',
    },
    client_id: { type: 'string', description: 'The audience of the access tokens.' },
    scope: { type: 'string', const: defaultPurpose },
  } as const;
  return { type: 'object', required: ['grant_type', 'refresh_token'], properties };
}

/** The form of RFC 7009, section 2.1. */
function revokeForm(): JsonSchema {
  const properties = {
    token: { type: 'string', description: 'The refresh token. One that is not ours gets the same 200.' },
    token_type_hint: { type: 'string' },
    client_id: { type: 'string', description: 'The audience of the access tokens.' },
  } as const;
  return { type: 'object', required: ['token'], properties };
}

/** Where a session is asked for; a record has no JSON Schema of valibot's, so it is put together from its parts. */
function contextMember(): JsonSchema {
  return {
    type: 'object',
    propertyNames: jsonSchema(contextNameSchema),
    additionalProperties: jsonSchema(contextValueSchema),
    description:
      'What is approved, the same in both calls: for purposes that need a session, and refused without one. At most 512 bytes as JSON; ' +
      'numbers that JSON carries exactly as they are written, others as strings; each member once.',
  };
}

/** Each deployment has its own purposes, so the document has their pattern and no list. */
function requestBody(): JsonSchema {
  const settings = parseSettings({ appName: 'Doorcode', audience: 'doorcode-app' });
  const body = withContext(jsonSchema(requestOtpSchema(settings)));
  const purpose = {
    ...jsonSchema(purposeSchema),
    default: defaultPurpose,
    description: 'A purpose that the deployment configures.',
  };
  const locale = {
    ...jsonSchema(localeSchema),
    description:
      'The language of the SMS: chooses among the texts that the deployment configures. One that is not configured is ' +
      'looked for without its last subtag, and then the usual text is sent.',
  };
  return { ...body, properties: { ...body.properties, purpose, locale } };
}

function withContext(body: JsonSchema): JsonSchema {
  return { ...body, properties: { ...body.properties, context: contextMember() } };
}

function opened(schema: JsonSchema): JsonSchema {
  const { additionalProperties: _, ...rest } = schema;
  const properties = Object.entries(rest.properties ?? {}).map(([name, member]) => [
    name,
    typeof member === 'object' ? opened(member) : member,
  ]);
  return {
    ...rest,
    ...(rest.properties === undefined ? {} : { properties: Object.fromEntries(properties) }),
    ...(typeof rest.items === 'object' && !Array.isArray(rest.items) ? { items: opened(rest.items) } : {}),
  };
}
