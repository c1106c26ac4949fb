/** `openapi.json` with the links of a sign-in, by which Schemathesis goes from one call to the next. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const responses = v.record(v.string(), v.looseObject({}));
const documentSchema = v.looseObject({
  paths: v.record(v.string(), v.looseObject({ post: v.optional(v.looseObject({ responses })) })),
});

type OpenApi = v.InferOutput<typeof documentSchema>;

/** From an answer to the operations that can follow, with the member that they need of it. */
const links = [
  { from: '/auth/request-otp', status: '202', to: 'verifyOtp', body: { requestId: '#/requestId' } },
  ...(
    [
      ['/auth/verify-otp', '#/refreshToken'],
      ['/auth/token', '#/refresh_token'],
    ] as const
  ).flatMap(([from, member]) => [
    { from, status: '200', to: 'refresh', body: { refresh_token: member } },
    { from, status: '200', to: 'revoke', body: { token: member } },
    { from, status: '200', to: 'sessions', body: { refreshToken: member } },
  ]),
];

/** The document as it is published, with links. Throws where it lacks an answer that a link comes from. */
export function linkedDocument(): OpenApi {
  const file = join(import.meta.dirname, '../../openapi.json');
  const document = v.parse(documentSchema, JSON.parse(readFileSync(file, 'utf8')));
  for (const { from, status, to, body } of links) {
    const answer = document.paths[from]?.post?.responses[status];
    if (answer === undefined) throw new Error(`openapi.json has no ${status} of ${from}`);
    const requestBody = Object.fromEntries(
      Object.entries(body).map(([name, member]) => [name, `$response.body${member}`]),
    );
    answer['links'] = { ...Object(answer['links']), [to]: { operationId: to, requestBody } };
  }
  return document;
}

/** The document without one of its answers. */
export function withoutAnswer(document: OpenApi, path: string, status: string): OpenApi {
  const changed = structuredClone(document);
  delete changed.paths[path]?.post?.responses[status];
  return changed;
}
