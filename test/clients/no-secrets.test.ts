/** Every file that an app is made of: no key, no name of AWS, no address of the provider, no look at the time of day but the clock's. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const clients = join(import.meta.dirname, '../../clients');
const skipped = ['node_modules', 'openapi', 'dist', 'screenshots'];

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.includes(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const shipped = ['typescript', 'react-native', 'flutter'].flatMap((name) => filesIn(join(clients, name)));
const sources = shipped.filter((path) => /\.(ts|tsx|dart)$/.test(path));

/** What may stand in no file of an app. */
const secrets =
  /sm_live_[0-9a-f]|AKIA[0-9A-Z]|amazonaws|\baws\b|lambda|dynamodb|arn:|startmessaging|-----BEGIN/i;

describe('the files of the clients', () => {
  it.each(shipped.filter((path) => !path.endsWith('package-lock.json')))(
    '%s holds nothing secret',
    (path) => {
      expect(readFileSync(path, 'utf8')).not.toMatch(secrets);
    },
  );

  it('are found, and the scan finds what it looks for', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(['sm', 'live', '0f'].join('_')).toMatch(secrets);
  });

  // It may end a wait that a monotonic clock slept through; nothing else may rest on it.
  const clocks = sources.filter((path) =>
    /typescript\/src\/clock\.ts$|flutter\/lib\/src\/clock\.dart$/.test(path),
  );
  it.each(sources.filter((path) => !clocks.includes(path)))('%s does not read the time of day', (path) => {
    expect(readFileSync(path, 'utf8')).not.toMatch(/\bnew Date\b|Date\.now|DateTime\.now|\bDate\(\)/);
  });
});
