/** docs/api.md against the document that the functions' schemas generate: what it names, and nothing less. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { oauthErrors } from '../../functions/http/oauth-error.ts';
import { problems } from '../../functions/http/problem.ts';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { importSigner, signAccessToken } from '../../functions/tokens/access-token.ts';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const members = v.record(v.string(), v.unknown());
const member = v.looseObject({
  items: v.optional(v.looseObject({ $ref: v.optional(v.string()) })),
});
const { components, paths } = v.parse(
  v.object({
    paths: members,
    components: v.object({
      schemas: v.record(v.string(), v.looseObject({ properties: v.optional(v.record(v.string(), member)) })),
    }),
  }),
  JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')),
);

/** The members of a schema. Those of the items of a list stand in the same section, and count, too. */
const membersOf = (schema: string): readonly string[] => {
  const { properties = {} } = components.schemas[schema] ?? {};
  const ofItems = Object.values(properties).flatMap(({ items }) =>
    Object.keys(components.schemas[items?.$ref?.split('/').at(-1) ?? '']?.properties ?? {}),
  );
  return [...Object.keys(properties), ...ofItems];
};

/** The page's section under a heading of the second level. */
function sectionOf(heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  expect(section, heading).toBeDefined();
  return section ?? '';
}

/** The names in the first cells of a section's rows. */
const rowsOf = (heading: string): readonly string[] =>
  [...sectionOf(heading).matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, name = '']) => name),
  );

/** The answers that have members. A sign-out has none. */
const routes = [
  ['/auth/request-otp', 'RequestOtp', ['RequestOtpAccepted']],
  ['/auth/verify-otp', 'VerifyOtp', ['Verified']],
  ['/auth/token', 'RefreshRequest', ['Refreshed']],
  ['/auth/revoke', 'RevokeRequest', []],
  ['/auth/sessions', 'SessionsRequest', ['Sessions']],
] as const;

it('every route of the document that an app calls is among those below', () => {
  expect(Object.keys(paths).filter((path) => path.startsWith('/auth/'))).toEqual(
    routes.map(([path]) => path),
  );
});

it.each(routes)(
  'POST %s: every member of the request has a row, and every member of the answer is named',
  (path, request, answers) => {
    const heading = `POST ${path}`;
    expect(membersOf(request).length).toBeGreaterThan(0);
    expect(rowsOf(heading).toSorted()).toEqual(membersOf(request).toSorted());
    for (const answer of answers) {
      expect(membersOf(answer).length).toBeGreaterThan(0);
      for (const member of membersOf(answer)) expect(sectionOf(heading)).toContain(`"${member}":`);
    }
  },
);

it('every error of OAuth has its row, and its members are named', () => {
  expect(rowsOf('Errors of OAuth')).toEqual(oauthErrors);
  for (const member of membersOf('OauthError'))
    expect(sectionOf('Errors of OAuth')).toContain(`"${member}":`);
});

it('every claim that a token may have has its row, and no other has', async () => {
  const settings = parseSettings({
    appName: 'Acme',
    audience: 'acme-app',
    smsTemplates: { 'sign-in': { default: '22222222-2222-4222-8222-222222222222' } },
  });
  const signer = await importSigner(await generateSigningKey());
  const identity = deriveIdentityKeys('i'.repeat(64));
  const claimsOf = async (isTest: boolean): Promise<readonly string[]> => {
    const content = {
      phoneNumber: v.parse(phoneNumberSchema, '+919876543210'),
      purpose: 'sign-in',
      tokenId: 'token-id',
      verifiedAt: 1_000,
      caller: { subject: 'user-7', context: { amount: 500 } },
      isTest,
      session: { id: 'session-id', issuedAt: 2_000, expiresAt: 2_900 },
    } as const;
    const issuer = 'https://auth.example.com';
    return Object.keys(
      decodeJwt((await signAccessToken(signer, content, { settings, issuer, identity })).jwt),
    );
  };
  const claims = new Set([...(await claimsOf(false)), ...(await claimsOf(true))]);
  expect(rowsOf('Tokens').toSorted()).toEqual([...claims].toSorted());
});

it('every refusal has its row, with its status, and no other does', () => {
  const rows = [...sectionOf('Refusals').matchAll(/^\| (\d{3} `[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/(\d{3}) `([a-z-]+)`/g)].map(([, status, name]) => `${status} ${name}`),
  );
  // The functions have routes for everything that the gateway lets through, so no client meets our own 404.
  const { 'not-found': _, ...met } = problems;
  expect(rows.toSorted()).toEqual(
    Object.entries(met)
      .map(([name, { status }]) => `${status} ${name}`)
      .toSorted(),
  );
});
