/** docs/api.md against the document that the functions' schemas generate: what it names, and nothing less. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { problems } from '../../functions/http/problem.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const { components } = v.parse(
  v.object({
    components: v.object({
      schemas: v.record(
        v.string(),
        v.looseObject({ properties: v.optional(v.record(v.string(), v.unknown())) }),
      ),
    }),
  }),
  JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')),
);

const membersOf = (schema: string): readonly string[] =>
  Object.keys(components.schemas[schema]?.properties ?? {});

/** The page's section under a heading of the second level. */
function sectionOf(heading: string): string {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading));
  expect(section, heading).toBeDefined();
  return section ?? '';
}

it.each([
  ['POST /auth/request-otp', 'RequestOtp', 'RequestOtpAccepted'],
  ['POST /auth/verify-otp', 'VerifyOtp', 'Verified'],
])(
  '%s: every member of the request has a row, and every member of the answer is named',
  (heading, request, answer) => {
    const section = sectionOf(heading);
    const rows = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(membersOf(request).length).toBeGreaterThan(0);
    expect(rows.toSorted()).toEqual(membersOf(request).toSorted());
    expect(membersOf(answer).length).toBeGreaterThan(0);
    for (const member of membersOf(answer)) expect(section).toContain(`"${member}":`);
  },
);

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
