/**
 * Converts valibot schemas to the schemas of the document. Answers may get more members later, and clients must accept
 * that. So the document leaves answers open, although our tests check them strictly. Request bodies stay strict.
 */
import {
  type ConversionConfig,
  type JsonSchema,
  toJsonSchema,
  toJsonSchemaDefs,
} from '@valibot/to-json-schema';
import type * as v from 'valibot';
import * as answers from '../../functions/http/answer-schemas.ts';
import { type ProblemName, problems } from '../../functions/http/problem.ts';
import { problemSchema, requestErrorSchema } from '../../functions/http/problem-schemas.ts';
import { requestOtpSchema } from '../../functions/http/request-otp-endpoint.ts';
import { endWishSchema, sessionsBodySchema } from '../../functions/http/sessions-endpoint.ts';
import { sessionWishMembers, verifyOtpSchema } from '../../functions/http/verify-otp-endpoint.ts';
import { contextNameSchema, contextValueSchema } from '../../functions/otp/caller.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { defaultPurpose, purposeSchema } from '../../functions/settings/sms-settings.ts';
import { localeSchema } from '../../functions/settings/sms-templates.ts';
import { answerExamples, bodyExamples, innerExamples, problemExample } from './examples.ts';
import { refusedBy, unions } from './refusals.ts';

/** `incorrect-code` as a name in the document: `IncorrectCode`. */
export function schemaName(name: ProblemName): string {
  return name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

/** Every object and union inside others. A generator invents a name, such as `SessionsSessionsInner`, for one without. */
const inner = {
  RequestError: requestErrorSchema,
  Session: answers.sessionSchema,
  Jwk: answers.jwkSchema,
  EndWish: endWishSchema,
  ContextValue: contextValueSchema,
};

const conversion: ConversionConfig = {
  typeMode: 'input',
  target: 'draft-2020-12',
  overrideRef: ({ referenceId }) => reference(referenceId).$ref,
  // A brand exists only in our types, not in JSON.
  // JSON has no number that is not finite, and its text is taken for whole Unicode.
  ignoreActions: ['brand', 'finite', 'check'],
};

/** One header or body member. */
export function jsonSchema(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, $defs: _inner, ...json } = toJsonSchema(schema, { ...conversion, definitions: inner });
  return forGenerators(json);
}

/** Refers to a schema of the document. */
export function reference(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** Says what generators do not derive by themselves: the type of a constant, names of values, and how exact a number is. */
function forGenerators({ anyOf, const: constant, ...schema }: JsonSchema): JsonSchema {
  const { enum: values = [constant], type, properties, items } = schema;
  return {
    ...(typeof constant === 'string' ? { const: constant } : {}),
    // As a range of one number it stays a number; of a constant generators make an enumeration, in Kotlin one that does not compile.
    ...(typeof constant === 'number' ? { type: 'integer', minimum: constant, maximum: constant } : {}),
    ...schema,
    ...(typeof constant === 'string' ? { type: 'string' as const } : {}),
    ...valueNames(values),
    // Else some generators take a number of 32 bits, and the user approves another amount.
    ...(type === 'number' ? { format: 'double' } : {}),
    ...(properties === undefined ? {} : { properties: mapped(properties) }),
    ...(typeof items === 'object' && !Array.isArray(items) ? { items: forGenerators(items) } : {}),
    // The members of our unions exclude each other. Of an `anyOf` some generators make a class without members.
    ...(anyOf === undefined ? {} : { oneOf: anyOf.map(unionMember) }),
  };
}

/** Names for values that are none: of `urn:doorcode:denied` a generator would make `urnColonDoorcodeColonDenied`. */
function valueNames(values: readonly unknown[]): JsonSchema {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.every((text) => /^\w+$/.test(text))) return {};
  const named = texts.map((text) =>
    text.replace(/^urn:doorcode:/, '').replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase()),
  );
  return { 'x-enum-varnames': named } as JsonSchema;
}

const definition = (schema: JsonSchema | boolean): JsonSchema | boolean =>
  typeof schema === 'object' ? forGenerators(schema) : schema;

/** In a union an enumeration is a pattern: of an enumeration there some generators make code that does not compile. */
function unionMember(schema: JsonSchema | boolean): JsonSchema | boolean {
  if (typeof schema !== 'object' || schema.enum === undefined) return definition(schema);
  const { enum: values, ...others } = schema;
  return { ...others, pattern: `^(${values.join('|')})$` };
}

function mapped(properties: NonNullable<JsonSchema['properties']>): NonNullable<JsonSchema['properties']> {
  return Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, definition(member)]));
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
    ...innerSchemas(),
    ...unionSchemas(),
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

function innerSchemas(): Readonly<Record<string, JsonSchema>> {
  const answered: readonly string[] = ['RequestError', 'Session', 'Jwk'];
  const schemas = { ...toJsonSchemaDefs(inner, conversion), SessionWish: jsonSchema(sessionWishMembers) };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const named = forGenerators(answered.includes(name) ? opened(schema) : schema);
      return [name, { ...named, examples: [innerExamples[name as keyof typeof schemas]] }];
    }),
  );
}

/** Where an operation answers several problems with one status. */
function unionSchemas(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(unions).map(([name, members]) => {
      const oneOf = members.map((member) => reference(schemaName(member)));
      const mapping = Object.fromEntries(
        members.map((member, at) => [`urn:doorcode:${member}`, oneOf[at]?.$ref]),
      );
      const discriminator = { propertyName: 'type', mapping };
      return [name, { oneOf, discriminator, examples: [problemExample(members[0])] }];
    }),
  );
}

/** The converter does not look behind the check that a wish for a session is no list. */
function verifyBody(): JsonSchema {
  const body = jsonSchema(verifyOtpSchema({}));
  return { ...body, properties: { ...body.properties, session: reference('SessionWish') } };
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
  return forGenerators({ type: 'object', required: ['grant_type', 'refresh_token'], properties });
}

/** The form of RFC 7009, section 2.1. */
function revokeForm(): JsonSchema {
  const properties = {
    token: {
      type: 'string',
      minLength: 1,
      description: 'The refresh token. One that is not ours gets the same 200.',
    },
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
    additionalProperties: reference('ContextValue'),
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
