/**
 * Doorcode's own rotations, step by step, on any Secrets Manager: after each step the stages of all versions. RotateSecret
 * announces the version, and the steps are called here, because moto calls no function without Docker.
 */
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { codeSecretRotation } from '../../functions/rotation/code-secret-rotation.ts';
import {
  candidateLabel,
  type KeyTrial,
  providerKeyRotation,
} from '../../functions/rotation/provider-key-rotation.ts';
import {
  type Rotation,
  rotateSecret,
  rotationSteps,
  type SecretVersions,
} from '../../functions/rotation/rotate-secret.ts';
import { openSecretVersions } from '../../functions/rotation/secret-versions.ts';
import { signingKeyRotation } from '../../functions/rotation/signing-key-rotation.ts';
import { generateSigningKey, tryKey } from '../../functions/tokens/rsa-key.ts';
import { freshProviderKey } from '../../test-kit/provider-key.ts';
import { stagesIn, token } from './contract.ts';

/** A secret without a value, and how RotateSecret announces a version of it. */
export interface Place {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  readonly announce: (versionId: string) => Promise<unknown>;
}

interface Played {
  readonly name: string;
  /** The values that are stored first, each with its stages. */
  readonly given: readonly (readonly [value: string, stages?: string[]])[];
  readonly rotation: (versions: SecretVersions) => Rotation;
  /** The steps, in turn. Where there is none, Secrets Manager's four. */
  readonly steps?: readonly (typeof rotationSteps)[number][];
}

const provider = (trial: KeyTrial) => (versions: SecretVersions) =>
  providerKeyRotation(versions, async () => trial);

let published: string | undefined;
const signing = (versions: SecretVersions): Rotation =>
  signingKeyRotation(versions, {
    now: () => 1_800_000_000,
    longestTokenSeconds: 900,
    publish: async (jwks) => {
      published = jwks;
    },
    readPublished: async () => published,
    generateKey: generateSigningKey,
    tryKey,
  });

/** The rotations that are played, with keys that nobody has. */
export function rotations(): readonly Played[] {
  const [key, candidate] = [freshProviderKey(), freshProviderKey()];
  const keys = [[key], [candidate, [candidateLabel]]] as const satisfies Played['given'];
  const code: Pick<Played, 'given' | 'rotation'> = {
    given: [['a'.repeat(64)]],
    rotation: () => codeSecretRotation,
  };
  return [
    { name: 'a new code secret', ...code },
    {
      name: 'a new code secret, each step twice',
      ...code,
      steps: rotationSteps.flatMap((step) => [step, step]),
    },
    { name: 'a new code secret, from the test on', ...code, steps: ['testSecret', 'finishSecret'] },
    { name: 'the first signing key', given: [['{"keys":[]}']], rotation: signing },
    { name: 'a provider key that is accepted', given: keys, rotation: provider('accepted') },
    { name: 'a provider key that is refused', given: keys, rotation: provider('refused') },
    { name: 'a provider key without a candidate', given: [[key]], rotation: provider('accepted') },
  ];
}

/** Plays one rotation: a line for each step, and one for the next RotateSecret. */
export async function playedRotation(
  { given, rotation, steps = rotationSteps }: Played,
  { client, secretId, announce }: Place,
): Promise<readonly string[]> {
  for (const [n, [SecretString, VersionStages]] of given.entries())
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        SecretString,
        ClientRequestToken: token(n + 1),
        ...(VersionStages && { VersionStages }),
      }),
    );
  const versions = openSecretVersions(client, secretId);
  const versionId = token(8);
  const line = async (step: string, work: () => Promise<unknown>): Promise<string> => {
    const ended = await work().then(
      () => 'done',
      (error: unknown) => String(Object(error).reason ?? Object(error).name),
    );
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
    return `${step}: ${ended}; ${stagesIn(VersionIdsToStages)}`;
  };
  const lines = [await line('RotateSecret', () => announce(versionId))];
  for (const step of steps)
    lines.push(await line(step, () => rotateSecret(versions, rotation(versions), { step, versionId })));
  return [...lines, await line('RotateSecret again', () => announce(token(9)))];
}
