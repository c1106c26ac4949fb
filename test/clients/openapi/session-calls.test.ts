/** What the client sends for a session, and what it was tested against, are what openapi.json says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { endSessions, listSessions, signOutEverywhere } from '../../../clients/typescript/src/index.ts';
import { openSessionPhone } from '../typescript/session-phone.ts';

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../../openapi.json'), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('double', true);
ajv.addSchema(document, 'openapi');

/** What is wrong with a value by a schema of the document, or by where one stands in it. */
function faultsOf(pointer: string, value: unknown): readonly string[] {
  const validate = ajv.compile({ $ref: `openapi#${pointer}` });
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const escaped = (part: string): string => part.replaceAll('/', '~1');

/** A phone that has signed in, refreshed, listed, ended others, been refused, signed out, and signed out everywhere. */
async function callsOfASession() {
  const phone = openSessionPhone({ label: 'Asha’s phone' });
  await phone.signIn();
  phone.wait(901);
  await phone.session().accessToken();
  await listSessions(phone.session());
  await endSessions(phone.session(), 'others');
  const tablet = openSessionPhone({ fetch: phone.server.fetch });
  await tablet.signIn();
  const listed = await listSessions(phone.session());
  if (listed.tag !== 'sessions') throw new Error(listed.tag);
  await endSessions(
    phone.session(),
    listed.sessions.filter(({ current }) => !current).map(({ id }) => id),
  );
  tablet.wait(901);
  await tablet.session().accessToken();
  await phone.session().signOut();
  await phone.signIn();
  await signOutEverywhere(phone.session());
  await new Promise((resolve) => setTimeout(resolve, 5));
  return phone.server.calls.filter(({ path }) => path !== '/auth/request-otp');
}

describe('the calls of a session', () => {
  it('are requests and answers of the document, each on its route', async () => {
    const calls = await callsOfASession();
    const seen = new Map<string, Set<number>>();
    for (const { path, type, body, answer } of calls) {
      const operation = `/paths/${escaped(path)}/post`;
      const sent =
        type === 'application/json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
      // The requestId of the fake server is none of ours.
      const known =
        path === '/auth/verify-otp'
          ? { ...sent, requestId: document.components.schemas.VerifyOtp.examples[0].requestId }
          : sent;
      expect(faultsOf(`${operation}/requestBody/content/${escaped(type)}/schema`, known)).toEqual([]);
      const { status = 0, text = '' } = answer ?? {};
      seen.set(path, (seen.get(path) ?? new Set()).add(status));
      if (text !== '')
        expect(
          faultsOf(
            `${operation}/responses/${status}/content/${escaped('application/json')}/schema`,
            JSON.parse(text),
          ),
        ).toEqual([]);
    }
    expect(Object.fromEntries([...seen].map(([path, statuses]) => [path, [...statuses].toSorted()]))).toEqual(
      {
        '/auth/verify-otp': [200],
        '/auth/token': [200, 400],
        '/auth/sessions': [200],
        '/auth/revoke': [200],
      },
    );
  });

  it('are checked by schemas that can fail', () => {
    expect(faultsOf('/components/schemas/RefreshRequest', { grant_type: 'refresh_token' })).not.toEqual([]);
    expect(faultsOf('/components/schemas/SessionsRequest', { refreshToken: 'r', end: [] })).not.toEqual([]);
  });
});
