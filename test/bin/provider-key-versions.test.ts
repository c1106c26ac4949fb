import { describe, expect, it } from 'vitest';
import {
  adviceOn,
  type KeyVersion,
  keysAmong,
  labelledVersions,
  revocation,
} from '../../bin/keys/provider-key-versions.ts';

const now = 1_000_000;
const version = (label: string, more: Partial<KeyVersion> = {}): KeyVersion => ({
  versionId: label.toLowerCase(),
  labels: [label],
  storedAt: now - 3600,
  lastUsedAt: undefined,
  ...more,
});

describe('advice on the provider key', () => {
  it('asks for a first key', () => {
    expect(adviceOn([], now)).toEqual([expect.stringContaining('No key is stored')]);
  });

  it('says that there is nothing to do', () => {
    expect(adviceOn([version('AWSCURRENT')], now)).toEqual(['Nothing to do.']);
  });

  it('names a candidate, and one that waits for too long', () => {
    expect(adviceOn([version('AWSCURRENT'), version('CANDIDATE')], now)[0]).toMatch(/^A candidate waits\. /);
    const old = version('CANDIDATE', { storedAt: now - 90_000 });
    expect(adviceOn([version('AWSCURRENT'), old], now)[0]).toMatch(/for more than a day/);
  });

  it('names a rotation that did not finish, and not one that did', () => {
    expect(adviceOn([version('AWSCURRENT'), version('AWSPENDING')], now)[0]).toMatch(/did not finish/);
    expect(adviceOn([version('AWSCURRENT', { labels: ['AWSCURRENT', 'AWSPENDING'] })], now)).toEqual([
      'Nothing to do.',
    ]);
  });
});

describe('revoking the old key', () => {
  const current = (lastUsedAt?: number) => version('AWSCURRENT', { lastUsedAt });
  const previous = (lastUsedAt?: number) => version('AWSPREVIOUS', { lastUsedAt });

  it.each([
    ['there is none', [current(now)], false],
    ['the new one has not been used', [current(), previous(now - 7200)], false],
    ['it was used 14 min 59 s ago', [current(now), previous(now - 899)], false],
    ['it was used 15 min ago', [current(now), previous(now - 900)], true],
    ['it was not used in the last hours', [current(now), previous()], true],
  ])('when %s', (_, versions, isSafe) => {
    expect(revocation(versions, now).isSafe).toBe(isSafe);
  });

  it('says how long to wait', () => {
    expect(revocation([current(now), previous(now - 100)], now).because).toContain('in 14 min');
  });
});

describe('versions', () => {
  it('without a label are left out', () => {
    const CreatedDate = new Date(5000);
    const Versions = [{ VersionId: 'a', VersionStages: ['AWSCURRENT'], CreatedDate }, { VersionId: 'b' }];
    expect(labelledVersions({ Versions })).toEqual([
      { versionId: 'a', labels: ['AWSCURRENT'], storedAt: 5, lastUsedAt: undefined },
    ]);
  });
});

describe('the keys among all versions', () => {
  const made = (VersionId: string, seconds: number, ...VersionStages: string[]) => ({
    VersionId,
    VersionStages,
    CreatedDate: new Date(seconds * 1000),
  });

  it('are all but the oldest, which the deployment made, whatever label it has', () => {
    const placeholder = (label: string) => made('placeholder', 100, label);
    expect(keysAmong([placeholder('AWSCURRENT')])).toEqual([]);
    const first = made('first', 200, 'AWSCURRENT');
    expect(keysAmong([first, placeholder('AWSPREVIOUS')])).toEqual([first]);
    const unlabelled = made('old', 150);
    expect(keysAmong([first, unlabelled, { ...placeholder(''), VersionStages: [] }])).toEqual([
      first,
      unlabelled,
    ]);
  });

  it('are all of them, rather than one too few, when two are of the same moment', () => {
    const versions = [made('a', 100, 'AWSPREVIOUS'), made('b', 100, 'AWSCURRENT')];
    expect(keysAmong(versions)).toEqual(versions);
    expect(keysAmong([])).toEqual([]);
  });
});
