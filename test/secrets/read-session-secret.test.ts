/** Reading both versions of the session secret, over a rotation, damaged and denied. */
import { ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { readSessionSecret } from '../../functions/secrets/read-session-secret.ts';
import { neverOver } from '../support/test-clock.ts';

interface Stored {
  readonly VersionId: string;
  readonly SecretString?: string;
  readonly CreatedDate?: Date;
}

const stored = (VersionId: string, seconds: number): Stored => ({
  VersionId,
  SecretString: VersionId.padEnd(64, 's'),
  CreatedDate: new Date(seconds * 1000),
});

/** A secret whose labels a test moves; `onRead` runs after each read. */
function secretWith(labels: Record<string, Stored | Error | undefined>, onRead = (): void => undefined) {
  const asked: string[] = [];
  const client = {
    send: async ({ input }: { input: { VersionStage: string } }) => {
      asked.push(input.VersionStage);
      const answer = labels[input.VersionStage];
      onRead();
      if (answer instanceof Error) throw answer;
      if (answer === undefined) throw new ResourceNotFoundException({ message: 'none', $metadata: {} });
      return answer;
    },
  } as unknown as SecretsManagerClient;
  return { asked, source: { client, name: 'SESSION_SECRET_ARN', arn: 'arn' } };
}

it('gives both versions, with the times at which they were stored', async () => {
  const { source } = secretWith({ AWSCURRENT: stored('two', 200), AWSPREVIOUS: stored('one', 100) });
  const { current, previous } = await readSessionSecret(source, neverOver);
  expect([current.createdAt, previous?.createdAt]).toEqual([200, 100]);
  expect(current.tag.equals(previous?.tag ?? current.tag)).toBe(false);
  expect(current.tag).toHaveLength(4);
});

it('has no version before the first rotation', async () => {
  const { source } = secretWith({ AWSCURRENT: stored('one', 100) });
  expect((await readSessionSecret(source, neverOver)).previous).toBeUndefined();
});

it('never misses the version in use, because a rotation came between the two reads', async () => {
  const labels: Record<string, Stored | undefined> = {
    AWSCURRENT: stored('two', 200),
    AWSPREVIOUS: stored('one', 100),
  };
  const { source, asked } = secretWith(labels, () => {
    Object.assign(labels, { AWSCURRENT: stored('three', 300), AWSPREVIOUS: stored('two', 200) });
  });
  const { current, previous } = await readSessionSecret(source, neverOver);
  expect(asked).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  expect([current.createdAt, previous?.createdAt]).toEqual([200, 200]);
});

it.each<[string, Record<string, Stored | Error | undefined>, string]>([
  ['no version at all', {}, 'empty'],
  ['a short current value', { AWSCURRENT: { ...stored('one', 1), SecretString: 'short' } }, 'malformed'],
  [
    'a short previous value',
    { AWSCURRENT: stored('two', 2), AWSPREVIOUS: { ...stored('one', 1), SecretString: 'short' } },
    'malformed',
  ],
  [
    'a binary previous value',
    { AWSCURRENT: stored('two', 2), AWSPREVIOUS: { VersionId: 'one', CreatedDate: new Date(0) } },
    'malformed',
  ],
  ['no time', { AWSCURRENT: { VersionId: 'one', SecretString: 's'.repeat(64) } }, 'malformed'],
  [
    'a denied read of the previous version',
    {
      AWSCURRENT: stored('two', 2),
      AWSPREVIOUS: Object.assign(new Error('no'), { name: 'AccessDeniedException' }),
    },
    'AccessDeniedException',
  ],
])('is not to be had with %s', async (_, labels, reason) => {
  await expect(readSessionSecret(secretWith(labels).source, neverOver)).rejects.toMatchObject({
    dependency: 'SESSION_SECRET_ARN',
    reason,
  });
});
