import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecretsManager, type SecretsManager } from '../../../local/aws/secrets-manager.ts';

const arn = 'arn:aws:secretsmanager:ap-south-1:000000000000:secret:Some-abcdef';
const token = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
let directory: string;
let calls: { Step: string }[];
let fails: string | undefined;
let failuresLeft: number;
let now: number;
let secrets: SecretsManager;

const open = (): SecretsManager =>
  openSecretsManager(join(directory, 'secrets.json'), {
    now: () => now,
    invoke: async (_, event) => {
      const call = event as { Step: string };
      calls.push(call);
      if (call.Step !== fails || failuresLeft === 0) return;
      failuresLeft -= 1;
      throw new Error('step failed');
    },
  });
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-secrets-'));
  calls = [];
  fails = undefined;
  failuresLeft = Number.POSITIVE_INFINITY;
  now = 1_000;
  secrets = open();
  secrets.deploy([{ logicalId: 'Some', arn, initial: undefined }], new Map([[arn, 'rotation']]));
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (n: number, value: string, VersionStages?: string[]) =>
  secrets.call('PutSecretValue', {
    SecretId: arn,
    SecretString: value,
    ClientRequestToken: token(n),
    ...(VersionStages && { VersionStages }),
  });
const labels = async (): Promise<unknown> =>
  ((await secrets.call('DescribeSecret', { SecretId: arn })) as { VersionIdsToStages: unknown })
    .VersionIdsToStages;
const get = (more: object = {}) => secrets.call('GetSecretValue', { SecretId: arn, ...more });

describe('the local Secrets Manager', () => {
  it('has no value in an empty secret, and says so as AWS does', async () => {
    await expect(get()).rejects.toMatchObject({
      type: 'ResourceNotFoundException',
      message: expect.stringContaining('AWSCURRENT'),
    });
    await expect(get({ SecretId: 'other' })).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
  });

  it('gives the first value AWSCURRENT, whatever stage was asked for', async () => {
    await put(1, 'one', ['CANDIDATE']);
    expect(await labels()).toEqual({ [token(1)]: ['CANDIDATE', 'AWSCURRENT'] });
  });

  it('moves AWSCURRENT at once when no stage is given, and AWSPREVIOUS behind it', async () => {
    await put(1, 'one');
    await put(2, 'two');
    await put(3, 'three');
    expect(await labels()).toEqual({ [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT'] });
    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'two',
      VersionId: token(2),
    });
  });

  it('takes the same value again for the same token, and no other', async () => {
    await put(1, 'one');
    await expect(put(1, 'one')).resolves.toBeDefined();
    await expect(put(1, 'other')).rejects.toMatchObject({ type: 'ResourceExistsException' });
  });

  it('moves a label only away from the version that is named', async () => {
    await put(1, 'one');
    await put(2, 'two', ['AWSPENDING']);
    const move = (more: object) =>
      secrets.call('UpdateSecretVersionStage', { SecretId: arn, VersionStage: 'AWSCURRENT', ...more });
    await expect(move({ MoveToVersionId: token(2) })).rejects.toMatchObject({
      type: 'InvalidParameterException',
    });
    await expect(move({ MoveToVersionId: token(2), RemoveFromVersionId: token(2) })).rejects.toMatchObject({
      type: 'InvalidParameterException',
    });
    await expect(move({ RemoveFromVersionId: token(1) })).rejects.toMatchObject({
      type: 'InvalidParameterException',
    });
    await move({ MoveToVersionId: token(2), RemoveFromVersionId: token(1) });
    expect(await labels()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSPENDING', 'AWSCURRENT'] });
  });

  it('refuses a version that does not carry the asked stage, in other words than one that is not there', async () => {
    await put(1, 'one');
    await expect(get({ VersionId: token(1), VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: expect.stringContaining('not associated'),
    });
    for (const more of [{}, { VersionStage: 'AWSCURRENT' }])
      await expect(get({ VersionId: token(9), ...more })).rejects.toMatchObject({
        type: 'ResourceNotFoundException',
        message: expect.stringContaining(`VersionId: ${token(9)}`),
      });
  });

  it('takes AWSPENDING off with AWSCURRENT when a new value follows a finished rotation', async () => {
    await put(1, 'one');
    await put(2, 'two', ['AWSPENDING']);
    const move = { MoveToVersionId: token(2), RemoveFromVersionId: token(1) };
    await secrets.call('UpdateSecretVersionStage', { SecretId: arn, VersionStage: 'AWSCURRENT', ...move });
    await put(3, 'three');
    expect(await labels()).toEqual({ [token(2)]: ['AWSPREVIOUS'], [token(3)]: ['AWSCURRENT'] });
  });

  it('leaves AWSPENDING on a version that waits, whatever becomes current', async () => {
    await put(1, 'one');
    await put(2, 'two', ['AWSPENDING']);
    await put(3, 'three');
    expect(await labels()).toMatchObject({ [token(2)]: ['AWSPENDING'], [token(3)]: ['AWSCURRENT'] });
  });

  it('describes a secret that has no version and no rotation, with dates and without the members of others', async () => {
    secrets.deploy([{ logicalId: 'Bare', arn: `${arn}-bare`, initial: undefined }], new Map());
    expect(
      JSON.parse(JSON.stringify(await secrets.call('DescribeSecret', { SecretId: `${arn}-bare` }))),
    ).toEqual({
      ARN: `${arn}-bare`,
      Name: 'Bare',
      CreatedDate: 1_000,
      LastChangedDate: 1_000,
      VersionIdsToStages: {},
    });
    expect(await secrets.call('DescribeSecret', { SecretId: arn })).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: 'rotation',
    });
  });

  it('plays the four steps of a rotation, and refuses a second one while the first is pending', async () => {
    await put(1, 'one');
    fails = 'testSecret';
    await expect(
      secrets.call('RotateSecret', { SecretId: arn, ClientRequestToken: token(2) }),
    ).rejects.toThrow('step failed');
    const untilTheTest = ['createSecret', 'setSecret', 'testSecret'];
    expect(calls.map(({ Step }) => Step)).toEqual([...untilTheTest, ...untilTheTest]);
    await expect(secrets.call('RotateSecret', { SecretId: arn })).rejects.toMatchObject({
      type: 'InvalidRequestException',
    });
    fails = undefined;
    await secrets.call('RotateSecret', { SecretId: arn, ClientRequestToken: token(2) });
    expect(calls.slice(6).map(({ Step }) => Step)).toEqual([
      'createSecret',
      'setSecret',
      'testSecret',
      'finishSecret',
    ]);
  });

  it('tries a rotation that is attached without starting, and leaves nothing behind', async () => {
    await put(1, 'one');
    await secrets.tryRotation(arn);
    expect(calls.map(({ Step }) => Step)).toEqual(['testSecret']);
    fails = 'testSecret';
    await expect(secrets.tryRotation(arn)).rejects.toThrow('step failed');
    const { VersionIdsToStages } = Object(await secrets.call('DescribeSecret', { SecretId: arn }));
    expect(VersionIdsToStages).toEqual({ [token(1)]: ['AWSCURRENT'] });
  });

  it('shows the trial a copy of the current value, as AWS does, and no value where there is none', async () => {
    const seen: unknown[] = [];
    const look = openSecretsManager(join(directory, 'others.json'), {
      now: () => now,
      invoke: async (_, event) => {
        const { ClientRequestToken: VersionId } = event as { ClientRequestToken: string };
        const read = look.call('GetSecretValue', { SecretId: arn, VersionId, VersionStage: 'AWSPENDING' });
        seen.push(
          await read.then(
            (answer) => Object(answer).SecretString,
            (error) => error.type,
          ),
        );
      },
    });
    look.deploy([{ logicalId: 'Some', arn, initial: undefined }], new Map([[arn, 'rotation']]));
    await look.tryRotation(arn);
    await look.call('PutSecretValue', { SecretId: arn, SecretString: 'one' });
    await look.tryRotation(arn);
    expect(seen).toEqual(['ResourceNotFoundException', 'one']);
  });

  it('takes a new value by UpdateSecret, and a new description without one', async () => {
    await put(1, 'one');
    await secrets.call('UpdateSecret', { SecretId: arn, Description: 'another' });
    expect(await get()).toMatchObject({ SecretString: 'one', VersionId: token(1) });
    const two = { SecretId: arn, SecretString: 'two', ClientRequestToken: token(2) };
    expect(await secrets.call('UpdateSecret', two)).toEqual({ ARN: arn, Name: 'Some', VersionId: token(2) });
    expect(await labels()).toEqual({ [token(1)]: ['AWSPREVIOUS'], [token(2)]: ['AWSCURRENT'] });
  });

  it('lists deprecated versions when it is asked for them', async () => {
    for (const [n, value] of ['one', 'two', 'three'].entries()) await put(n + 1, value);
    const ids = async (more: object) => {
      const { Versions } = Object(await secrets.call('ListSecretVersionIds', { SecretId: arn, ...more }));
      return Versions.map(({ VersionId }: { VersionId: string }) => VersionId);
    };
    expect(await ids({})).toEqual([token(2), token(3)]);
    expect(await ids({ IncludeDeprecated: true })).toEqual([token(1), token(2), token(3)]);
  });

  it('makes no secret that is said to exist, and takes away what it is told to', async () => {
    const existing = { logicalId: 'E', arn: `${arn}-e`, initial: undefined, isExisting: true } as const;
    expect(() => secrets.deploy([existing], new Map())).toThrow("can't find the specified secret");
    secrets.remove([arn]);
    await expect(get()).rejects.toMatchObject({ message: expect.stringContaining('specified secret.') });
    expect(JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8'))).toEqual([]);
  });

  it('goes on with a rotation whose failed step passes when all is repeated', async () => {
    await put(1, 'one');
    fails = 'setSecret';
    failuresLeft = 1;
    await secrets.call('RotateSecret', { SecretId: arn, ClientRequestToken: token(2) });
    expect(calls).toHaveLength(2 + 4);
  });

  it('reads a version that has no label by its id, lists it nowhere, and forgets it late', async () => {
    for (const [n, value] of ['one', 'two', 'three'].entries()) await put(n + 1, value);
    const unlabelled = await get({ VersionId: token(1) });
    expect(unlabelled).toMatchObject({ SecretString: 'one' });
    expect(unlabelled).not.toHaveProperty('VersionStages');
    expect(Object.keys(Object(await labels()))).toEqual([token(2), token(3)]);
    now += 1;
    for (let n = 0; n < 101; n += 1)
      await secrets.call('PutSecretValue', { SecretId: arn, SecretString: 'x' });
    await expect(get({ VersionId: token(1) })).resolves.toBeDefined();
    now += 86_401;
    await secrets.call('PutSecretValue', { SecretId: arn, SecretString: 'x' });
    await expect(get({ VersionId: token(1) })).rejects.toMatchObject({ type: 'ResourceNotFoundException' });
  });

  it('says UnknownOperationException to calls that it does not play', async () => {
    await expect(secrets.call('DeleteSecret', { SecretId: arn })).rejects.toMatchObject({
      type: 'UnknownOperationException',
    });
  });

  it('keeps everything over a restart, in a file that only its owner reads', async () => {
    await put(1, 'one');
    secrets = open();
    expect(await get()).toMatchObject({ SecretString: 'one' });
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'secrets.json'), 'utf8')).toContain('one');
  });

  it('makes missing secrets as a deployment does, and leaves existing ones alone', async () => {
    const generated = { logicalId: 'G', arn: `${arn}-g`, initial: { generatedLength: 64 } };
    const literal = { logicalId: 'L', arn: `${arn}-l`, initial: { literal: '{"keys":[]}' } };
    expect(secrets.deploy([generated, literal], new Map())).toBe(true);
    const first = await get({ SecretId: generated.arn });
    expect(first).toMatchObject({ SecretString: expect.stringMatching(/^[A-Za-z0-9]{64}$/) });
    expect(await get({ SecretId: literal.arn })).toMatchObject({ SecretString: '{"keys":[]}' });
    expect(secrets.deploy([generated, literal], new Map())).toBe(false);
    expect(await get({ SecretId: generated.arn })).toEqual(first);
  });
});
