/**
 * The problem documents as schemas, one for each name. `openapi.json` publishes them, and tests check real answers against
 * them. No function loads this file.
 */
import * as v from 'valibot';
import { requestIdSchema } from '../otp/request-id.ts';
import { supportReferenceSchema } from './answer-schemas.ts';
import { type ProblemName, problems } from './problem.ts';

const wait = {
  retryAfterSeconds: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.description('The same as Retry-After.'),
  ),
};

/** What is wrong with one member of a request. */
export const requestErrorSchema = v.strictObject({
  pointer: v.pipe(v.string(), v.description('A JSON pointer into the body, or `header/` and a name.')),
  detail: v.string(),
});

/** The members that a name has besides those of all. */
const members: Partial<Record<ProblemName, v.ObjectEntries>> = {
  'invalid-request': { errors: v.array(requestErrorSchema) },
  denied: { error: v.pipe(v.literal('access_denied'), v.description('For clients of OAuth.')) },
  'body-too-large': {
    error: v.pipe(
      v.optional(v.literal('invalid_request')),
      v.description('For clients of OAuth: token and revoke alone.'),
    ),
  },
  'incorrect-code': { attemptsRemaining: v.pipe(v.number(), v.integer(), v.minValue(0)) },
  'too-many-requests': wait,
  'too-many-attempts': wait,
  'temporarily-unavailable': {
    ...wait,
    requestId: v.pipe(
      v.optional(requestIdSchema),
      v.description('Where an SMS may still arrive: its code works with this id.'),
    ),
  },
};

/** The problem document of a name. */
export function problemSchema(name: ProblemName) {
  const { status, title } = problems[name];
  return v.strictObject({
    type: v.literal(`urn:doorcode:${name}`),
    title: v.pipe(v.string(), v.description(`"${title}". For people; decide by type.`)),
    status: v.literal(status),
    detail: v.string(),
    instance: v.pipe(v.string(), v.description('The gateway’s id of the request.')),
    supportReference: supportReferenceSchema,
    ...members[name],
  });
}
