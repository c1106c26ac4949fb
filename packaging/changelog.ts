/** What has to be true of a version before it is released: it is the next one, and the changelog says what it brings. */

export interface Version {
  /** The version in package.json. */
  readonly version: string;
  /** The version of the last release. */
  readonly last: string;
  /** The text of CHANGELOG.md. */
  readonly changelog: string;
}

/** One sentence for each mistake. An empty list means that the version may be released. */
export function versionMistakes({ version, last, changelog }: Version): readonly string[] {
  const possible = nextVersions(last);
  if (!possible.includes(version))
    return [
      `package.json: expected a version after ${last}: ${possible.join(', ')} (given: ${version}). A new major version needs something of the adopter.`,
    ];
  const [, section = ''] = changelog.split(/^## /m);
  const [heading = '', ...text] = section.split('\n');
  if (!heading.startsWith(`${version} - `))
    return [
      `CHANGELOG.md: expected its first section to be "## ${version} - <date>" (given: "## ${heading}")`,
    ];
  return [
    ...(/^\d{4}-\d{2}-\d{2}$/.test(heading.slice(`${version} - `.length))
      ? []
      : [`CHANGELOG.md: expected the day of the release, such as 2027-01-31 (given: "## ${heading}")`]),
    ...(text.join('').trim() === '' ? [`CHANGELOG.md: expected what ${version} changes for its users`] : []),
  ];
}

/** The versions that may follow one (semver.org): a patch, a minor, a major. */
function nextVersions(last: string): readonly string[] {
  const [major = 0, minor = 0, patch = 0] = last.split('.').map(Number);
  return [`${major}.${minor}.${patch + 1}`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`];
}
