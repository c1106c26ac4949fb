/** Waiting for a rotation whose progress Secrets Manager tells late, and in labels alone. */
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { rotate } from '../../bin/keys/rotation.ts';

type Labels = Readonly<Record<string, string[]>>;
const old: Labels = { old: ['AWSCURRENT'] };
const pending: Labels = { ...old, new: ['AWSPENDING'] };
const done: Labels = { old: ['AWSPREVIOUS'], new: ['AWSCURRENT', 'AWSPENDING'] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Rotates while DescribeSecret tells `told`, one after the other and then the last one again. */
async function outcome(...told: readonly Labels[]): Promise<string> {
  const secrets = new SecretsManagerClient({ region: 'ap-south-1' });
  const left = [...told];
  vi.spyOn(secrets, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof RotateSecretCommand) return { VersionId: 'new' };
    if (!(command instanceof DescribeSecretCommand)) throw new Error('not expected');
    return { VersionIdsToStages: left.length > 1 ? left.shift() : left[0] };
  });
  const rotation = rotate(
    {
      name: 'a stack',
      apiUrl: 'https://api.example.com',
      secrets,
      testNumbersUntil: undefined,
      deployedAt: 0,
      place: { tag: 'aws', stackName: 'Doorcode', client: {} },
      arnOf: (secret) => secret,
      has: () => true,
      functionOf: (name) => name,
      lastUse: async () => undefined,
    },
    'CodeSecret',
  );
  const ended = rotation.then(
    () => 'rotated',
    (error: Error) => error.message,
  );
  await vi.advanceTimersByTimeAsync(130_000);
  return ended;
}

it.each([
  ['at once', [done]],
  ['after a while', [pending, pending, done]],
  ['though it was not seen at first', [old, old, pending, done]],
])('a rotation ends well %s', async (_, told) => {
  expect(await outcome(...told)).toBe('rotated');
});

it.each([
  ['its label is taken off again', [pending, old]],
  ['it never begins', [old]],
])('a rotation has failed when %s', async (_, told) => {
  expect(await outcome(...told)).toMatch(/^CodeSecret was not rotated\. The current version is unchanged/);
});

it('a rotation that takes longer than anybody waits is told as under way, not as failed', async () => {
  expect(await outcome(pending)).toMatch(/^CodeSecret: the rotation is still running after 120 s/);
});
