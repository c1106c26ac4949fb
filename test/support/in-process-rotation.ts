/**
 * Runs a rotation in this process: RotateSecret runs the real steps on the local Secrets Manager's store, as in the local
 * stack. The provider is a list of the keys that it accepts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyTrial } from '../../functions/rotation/provider-key-rotation.ts';
import {
  type Rotation,
  type RotationStep,
  rotateSecret,
  type SecretVersions,
} from '../../functions/rotation/rotate-secret.ts';
import { openSecretsManager } from '../../local/aws/secrets-manager.ts';

const arn = 'arn:aws:secretsmanager:ap-south-1:000000000000:secret:Some-abcdef';

export type InProcess = ReturnType<typeof rotateInProcess>;

/** Opens an empty secret; `make` gives its rotation. */
export function rotateInProcess(
  make: (versions: SecretVersions, tryKey: (key: string) => Promise<KeyTrial>) => Rotation,
) {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-rotation-'));
  const state = {
    taken: new Set<string>(),
    trial: undefined as KeyTrial | undefined,
    tried: [] as string[],
    steps: [] as string[],
    /** Steps that run and then report a failure, once each. */
    lost: [] as string[],
    /** Whether RotateSecret only announces its version. */
    isIdle: false,
    /** Calls that are refused. */
    refused: undefined as string | undefined,
    /** A label that no call can move. */
    refusedMove: undefined as string | undefined,
    /** How far the clock of Secrets Manager, and of the rotation, is ahead. */
    aheadSeconds: 0,
  };
  const now = (): number => Math.floor(Date.now() / 1000) + state.aheadSeconds;
  const manager = openSecretsManager(join(directory, 'secrets.json'), {
    now,
    invoke: async (_, event) => {
      const { Step, ClientRequestToken } = Object(event);
      if (state.isIdle) throw new Error('idle');
      state.steps.push(Step);
      await step(Step, ClientRequestToken);
      if (state.lost[0] === Step) throw new Error(`the answer to ${state.lost.shift()} got lost`);
    },
  });
  manager.deploy([{ logicalId: 'Some', arn, initial: undefined }], new Map([[arn, 'rotation']]));
  const call = async (action: string, input: object = {}) => {
    if (state.refused === action) throw new Error(`${action} is refused`);
    return Object(await manager.call(action, { SecretId: arn, ...input }));
  };

  const labels = async (): Promise<Record<string, string[]>> =>
    (await call('DescribeSecret')).VersionIdsToStages;
  const versions: SecretVersions = {
    labels: async () => new Map(Object.entries(await labels())),
    read: async (VersionId) =>
      call('GetSecretValue', { VersionId }).then(
        ({ SecretString }) => SecretString,
        () => undefined,
      ),
    storePending: (ClientRequestToken, SecretString) =>
      call('PutSecretValue', { ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'] }),
    moveLabel: async (VersionStage, { to, from }) => {
      if (state.refusedMove === VersionStage) throw new Error(`${VersionStage} may not be moved`);
      await call('UpdateSecretVersionStage', {
        VersionStage,
        ...(to !== undefined && { MoveToVersionId: to }),
        ...(from !== undefined && { RemoveFromVersionId: from }),
      });
    },
  };
  const rotation = make(versions, async (key) => {
    state.tried.push(key);
    return state.trial ?? (state.taken.has(key) ? 'accepted' : 'refused');
  });
  const step = (name: RotationStep, versionId: string): Promise<void> =>
    rotateSecret(versions, rotation, { step: name, versionId });

  return {
    state,
    versions,
    step,
    now,
    /** When the version with a label was stored, in epoch seconds. */
    storedAt: (VersionStage: string): Promise<number | undefined> =>
      call('GetSecretValue', { VersionStage }).then(
        ({ CreatedDate }) => Math.floor(Number(CreatedDate)),
        () => undefined,
      ),
    /** Stores a value; without labels it becomes current. */
    put: (SecretString: string, ...VersionStages: string[]) =>
      call('PutSecretValue', { SecretString, ...(VersionStages.length > 0 && { VersionStages }) }),
    rotate: (ClientRequestToken?: string) =>
      call('RotateSecret', ClientRequestToken === undefined ? {} : { ClientRequestToken }),
    /** Does what RotateSecret does first: adds a version without a value under AWSPENDING. */
    announce: async (ClientRequestToken: string): Promise<void> => {
      state.isIdle = true;
      await call('RotateSecret', { ClientRequestToken }).catch(() => undefined);
      state.isIdle = false;
    },
    attach: () => manager.tryRotation(arn),
    /** Which value carries which label. */
    stored: async (): Promise<Record<string, string>> => {
      const pairs = Object.entries(await labels()).flatMap(([id, own]) => own.map((label) => [label, id]));
      const read = pairs.map(async ([label = '', id = '']) => [label, await versions.read(id)]);
      return Object.fromEntries(await Promise.all(read));
    },
    end: () => rmSync(directory, { recursive: true }),
  };
}
