import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastRelease } from '../../local/rehearsal/last-release.ts';
import { versionMistakes } from '../../packaging/changelog.ts';
import { checkout } from '../../packaging/package-json.ts';

const section = (heading: string, text = 'Something new.\n') =>
  `# Changelog\n\nWhat it is.\n\n## ${heading}\n\n${text}`;
const older = '\n## 0.1.0 - 2026-11-26\n\nThe first release.\n';

describe('a version', () => {
  it.each(['0.1.1', '0.2.0', '1.0.0'])('may follow 0.1.0 as %s, with a section of its own', (version) => {
    const changelog = section(`${version} - 2027-01-31`) + older;
    expect(versionMistakes({ version, last: '0.1.0', changelog })).toEqual([]);
  });

  it.each(['0.1.0', '0.0.9', '0.3.0', '0.2.1', '2.0.0', '1.1.0'])('may not follow 0.1.0 as %s', (version) => {
    const changelog = section(`${version} - 2027-01-31`) + older;
    expect(versionMistakes({ version, last: '0.1.0', changelog })).toEqual([
      expect.stringContaining('expected a version after 0.1.0: 0.1.1, 0.2.0, 1.0.0'),
    ]);
  });

  it.each([
    ['no section', older, 'expected its first section'],
    ['the section of another', section('0.1.1 - 2027-01-31'), 'expected its first section'],
    ['one that begins alike', section('0.2.01 - 2027-01-31'), 'expected its first section'],
    ['no date', section('0.2.0 - not released yet') + older, 'expected the day of the release'],
    ['no text', section('0.2.0 - 2027-01-31', '') + older, 'expected what 0.2.0 changes'],
    ['no changelog', '', 'expected its first section'],
  ])('is not released with %s', (_, changelog, expected) => {
    expect(versionMistakes({ version: '0.2.0', last: '0.1.0', changelog })).toEqual([
      expect.stringContaining(expected),
    ]);
  });
});

it('the version of this checkout is the next one, and its section only waits for its day', () => {
  const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8');
  const mistakes = versionMistakes({ version: checkout.version, last: lastRelease().version, changelog });
  expect(mistakes.filter((mistake) => !mistake.includes('expected the day of the release'))).toEqual([]);
});
