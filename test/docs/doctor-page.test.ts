/** The page about deployments names every check of the doctor, and no other, and those that ask say so. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checks } from '../../doctor/checks.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
const [, section = ''] = page.split('\n## Is it right?\n');
const [own = ''] = section.split('\n## ');
const [, table = ''] = own.split('| check | it is wrong unless |');
const rows = [...table.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name, text = '']) => ({
  name,
  text,
}));

it('has a row for each check, in the order of the report', () => {
  expect(rows.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
});

it('says of each check that does more than read that it asks first', () => {
  const asking = rows.filter(({ text }) => text.includes('It asks first')).map(({ name }) => name);
  expect(asking).toEqual(checks.filter(({ asks }) => asks !== undefined).map(({ name }) => name));
});
