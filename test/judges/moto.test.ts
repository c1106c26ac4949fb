/** What the judge of the local Secrets Manager relies on: its contracts and rotations, played on ours alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contracts, played } from '../../judges/moto/contract.ts';
import { differences } from '../../judges/moto/differences.ts';
import { callsOf } from '../../judges/moto/moto.ts';
import { freshOfOurs } from '../../judges/moto/places.ts';
import { playedRotation, rotations } from '../../judges/moto/rotations.ts';

let directory: string;
let ours: Awaited<ReturnType<typeof freshOfOurs>>;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-judged-'));
  ours = await freshOfOurs(directory);
});
afterAll(async () => {
  await ours.stop();
  rmSync(directory, { recursive: true, force: true });
});

const linesOf = async (wanted: string): Promise<readonly string[]> => {
  const contract = contracts.find(({ name }) => name === wanted);
  if (contract === undefined) throw new Error(`no contract: ${wanted}`);
  const { client, secretId } = await ours.fresh();
  return played(contract, { call: callsOf(client), secretId });
};

describe('the contract', () => {
  it('tells values, stages and errors, a line for each call', async () => {
    expect(await linesOf('a promotion')).toEqual([
      'PutSecretValue: done',
      'PutSecretValue: done',
      'UpdateSecretVersionStage: done',
      'GetSecretValue: two, 2: AWSCURRENT+AWSPENDING',
      'GetSecretValue: one, 1: AWSPREVIOUS',
    ]);
    expect(await linesOf('a version without the stage that is asked for')).toContain(
      'GetSecretValue: InvalidRequestException',
    );
    expect(
      (await linesOf('a version without a stage is listed only where it is asked for')).slice(-2),
    ).toEqual([
      'ListSecretVersionIds: 2: AWSPREVIOUS, 3: AWSCURRENT',
      'ListSecretVersionIds: 1: none, 2: AWSPREVIOUS, 3: AWSCURRENT',
    ]);
  });

  it('has a name of its own for each', () => {
    const names = [...contracts, ...rotations()].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows by their types only errors that the double throws as an error of AWS', async () => {
    const wrong = await freshOfOurs(directory, () => new Error('of ours'));
    const { client, secretId } = await wrong.fresh();
    await expect(callsOf(client)('GetSecretValue', { SecretId: secretId })).rejects.toMatchObject({
      name: 'InternalFailure',
    });
    await wrong.stop();
  });
});

describe('a rotation', () => {
  const playRotation = async (wanted: string): Promise<readonly string[]> => {
    const rotation = rotations().find(({ name }) => name === wanted);
    if (rotation === undefined) throw new Error(`no rotation: ${wanted}`);
    return playedRotation(rotation, await ours.fresh());
  };

  it('ends with its version current, and the next one may start', async () => {
    expect(await playRotation('a new code secret')).toEqual([
      'RotateSecret: done; 1: AWSCURRENT, 8: AWSPENDING',
      'createSecret: done; 1: AWSCURRENT, 8: AWSPENDING',
      'setSecret: done; 1: AWSCURRENT, 8: AWSPENDING',
      'testSecret: done; 1: AWSCURRENT, 8: AWSPENDING',
      'finishSecret: done; 1: AWSPREVIOUS, 8: AWSCURRENT+AWSPENDING',
      'RotateSecret again: done; 1: AWSPREVIOUS, 8: AWSCURRENT, 9: AWSPENDING',
    ]);
  });

  it('gives a refused key up', async () => {
    const [, , , tested] = await playRotation('a provider key that is refused');
    expect(tested).toBe('testSecret: refused; 1: AWSCURRENT, 2: CANDIDATE');
  });
});

it('a decided difference covers nothing but what it says', () => {
  const covered = (name: string, ours: string, moto: string) =>
    differences.filter(({ covers }) => covers({ name, ours, moto })).length;
  const listed = 'DescribeSecret: 1: none, 2: AWSCURRENT';
  expect(covered('any', 'DescribeSecret: 2: AWSCURRENT', listed)).toBe(1);
  expect(covered('any', 'DescribeSecret: 2: AWSPENDING', listed)).toBe(0);
  expect(
    covered('any', 'testSecret: refused; 1: AWSCURRENT', 'testSecret: refused; 1: AWSCURRENT, 8: none'),
  ).toBe(1);
  const [done, refused] = [
    'RotateSecret again: done; 8: AWSPENDING',
    'RotateSecret again: InvalidRequestException;',
  ];
  expect(covered('any', done, `${refused} 8: AWSCURRENT+AWSPENDING`)).toBe(1);
  expect(covered('any', done, `${refused} 8: AWSPENDING`)).toBe(0);
});
