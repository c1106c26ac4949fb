/**
 * The few calls of Secrets Manager that we use, with its staging labels and errors. The state is one file, which each
 * change replaces as a whole. RotateSecret makes the four calls to the rotation function, as the service does.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 *
 * It is long because all the calls read and write one store, which nothing else may touch.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DeployedSecret } from '../deployed.ts';
import { AwsError } from './aws-error.ts';
import { playRotation } from './rotation-steps.ts';
import { type Input, inputs, valid } from './secrets-manager-inputs.ts';
import {
  labelledVersions,
  type StoredSecret,
  versionWith,
  withMovedLabel,
  withoutVersion,
  withValue,
} from './stored-secret.ts';

export interface SecretsManager {
  /** Runs one call; throws an `AwsError`. */
  call(action: string, input: unknown): Promise<unknown>;
  /** Creates missing secrets with their initial value, as a deployment does. True if it created any. */
  deploy(secrets: readonly DeployedSecret[], rotations: ReadonlyMap<string, string>): boolean;
  /** Removes secrets with all their versions, as the rollback of a failed first deployment does. */
  remove(arns: readonly string[]): void;
  /** Attaches a rotation without starting it: calls only testSecret, on a version with a copy of the current value. */
  tryRotation(arn: string): Promise<void>;
}

/** Invokes the rotation function of a secret with `event`. Rejects without permission, or when the function fails. */
export type Invoke = (
  rotation: { readonly functionArn: string; readonly secretArn: string },
  event: unknown,
) => Promise<unknown>;

/** Opens the store in `file`. `now` gives epoch seconds. */
export function openSecretsManager(
  file: string,
  { invoke, now }: { invoke: Invoke; now: () => number },
): SecretsManager {
  const secrets = new Map<string, StoredSecret>(
    existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [],
  );
  const write = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify([...secrets]), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  const save = (secret: StoredSecret): void => {
    secrets.set(secret.arn, secret);
    write();
  };
  const find = (arn: string): StoredSecret => {
    const secret = secrets.get(arn);
    if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
    return secret;
  };

  const getSecretValue = ({ SecretId, VersionId, VersionStage }: Input<'GetSecretValue'>): unknown => {
    const secret = find(SecretId);
    const label = VersionStage ?? 'AWSCURRENT';
    const versionId = VersionId ?? versionWith(secret, label);
    const version = versionId === undefined ? undefined : secret.versions[versionId];
    if (version !== undefined && VersionStage !== undefined && !version.labels.includes(VersionStage))
      throw new AwsError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    if (version?.value === undefined) {
      const what = version === undefined && VersionId !== undefined ? 'VersionId' : 'staging label';
      throw notFound(
        `Secrets Manager can't find the specified secret value for ${what}: ${what === 'VersionId' ? VersionId : label}`,
      );
    }
    const { value, labels, createdAt } = version;
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: versionId,
      SecretString: value,
      ...stagesOf(labels),
      CreatedDate: createdAt,
    };
  };

  const describeSecret = ({ SecretId }: Input<'DescribeSecret'>): unknown => {
    const secret = find(SecretId);
    const { arn, name, rotationFunctionArn, lastRotatedAt } = secret;
    const versionDates = Object.values(secret.versions).map((version) => version.createdAt);
    const dates = [...(secret.createdAt === undefined ? [] : [secret.createdAt]), ...versionDates];
    const isRotated = rotationFunctionArn !== undefined;
    const stages = labelledVersions(secret).map(([id, { labels }]) => [id, labels]);
    return {
      ARN: arn,
      Name: name,
      // Both are missing on a secret that nobody has configured a rotation for.
      ...(isRotated && { RotationEnabled: true, RotationLambdaARN: rotationFunctionArn }),
      LastRotatedDate: lastRotatedAt,
      ...(dates.length > 0 && { CreatedDate: Math.min(...dates), LastChangedDate: Math.max(...dates) }),
      VersionIdsToStages: Object.fromEntries(stages),
    };
  };

  const listSecretVersionIds = ({
    SecretId,
    IncludeDeprecated = false,
  }: Input<'ListSecretVersionIds'>): unknown => {
    const secret = find(SecretId);
    const { arn, name } = secret;
    const listed = IncludeDeprecated ? Object.entries(secret.versions) : labelledVersions(secret);
    const Versions = listed.map(([VersionId, { labels, createdAt }]) => ({
      VersionId,
      ...stagesOf(labels),
      CreatedDate: createdAt,
    }));
    return { ARN: arn, Name: name, Versions };
  };

  const putSecretValue = (input: Input<'PutSecretValue'>) => {
    const versionId = input.ClientRequestToken ?? randomUUID();
    const put = { versionId, value: input.SecretString, labels: input.VersionStages, now: now() };
    const secret = withValue(find(input.SecretId), put);
    save(secret);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: versionId,
      VersionStages: secret.versions[versionId]?.labels,
    };
  };

  const updateSecret = ({ SecretId, SecretString, ClientRequestToken }: Input<'UpdateSecret'>): unknown => {
    const { arn, name } = find(SecretId);
    if (SecretString === undefined) return { ARN: arn, Name: name };
    const { VersionId } = putSecretValue({ SecretId, SecretString, ClientRequestToken });
    return { ARN: arn, Name: name, VersionId };
  };

  const updateSecretVersionStage = (input: Input<'UpdateSecretVersionStage'>): unknown => {
    const move = { label: input.VersionStage, to: input.MoveToVersionId, from: input.RemoveFromVersionId };
    const secret = withMovedLabel(find(input.SecretId), move);
    save(secret);
    return { ARN: secret.arn, Name: secret.name };
  };

  /** Puts AWSPENDING on a version; a new one has `value`, or none yet. */
  const announce = (secret: StoredSecret, versionId: string, value?: string): void => {
    const version = secret.versions[versionId] ?? { value, labels: [], createdAt: now() };
    const announced = { ...secret, versions: { ...secret.versions, [versionId]: version } };
    const from = versionWith(secret, 'AWSPENDING');
    save(withMovedLabel(announced, { label: 'AWSPENDING', to: versionId, from }));
  };
  const runStep = ({ arn, rotationFunctionArn = '' }: StoredSecret, Step: string, versionId: string) =>
    invoke(
      { functionArn: rotationFunctionArn, secretArn: arn },
      { Step, SecretId: arn, ClientRequestToken: versionId },
    );

  const rotateSecret = async ({ SecretId, ClientRequestToken }: Input<'RotateSecret'>): Promise<unknown> => {
    const secret = find(SecretId);
    const { rotationFunctionArn } = secret;
    if (rotationFunctionArn === undefined) {
      throw new AwsError(
        'InvalidRequestException',
        'No Lambda rotation function ARN is associated with this secret.',
      );
    }
    const pending = versionWith(secret, 'AWSPENDING');
    if (
      pending !== undefined &&
      pending !== versionWith(secret, 'AWSCURRENT') &&
      pending !== ClientRequestToken
    ) {
      throw new AwsError(
        'InvalidRequestException',
        'A previous rotation isn’t complete. That rotation will be reattempted.',
      );
    }
    const versionId = ClientRequestToken ?? randomUUID();
    announce(secret, versionId);
    // The real service answers first and then rotates. Here the caller waits and sees the failure.
    await playRotation((step) => runStep(secret, step, versionId));
    save({ ...settled(find(SecretId), versionId), lastRotatedAt: now() });
    return { ARN: secret.arn, Name: secret.name, VersionId: versionId };
  };

  const run = async (action: string, input: unknown): Promise<unknown> => {
    switch (action) {
      case 'GetSecretValue':
        return getSecretValue(valid(inputs.GetSecretValue, input));
      case 'DescribeSecret':
        return describeSecret(valid(inputs.DescribeSecret, input));
      case 'ListSecretVersionIds':
        return listSecretVersionIds(valid(inputs.ListSecretVersionIds, input));
      case 'PutSecretValue':
        return putSecretValue(valid(inputs.PutSecretValue, input));
      case 'UpdateSecret':
        return updateSecret(valid(inputs.UpdateSecret, input));
      case 'UpdateSecretVersionStage':
        return updateSecretVersionStage(valid(inputs.UpdateSecretVersionStage, input));
      case 'RotateSecret':
        return rotateSecret(valid(inputs.RotateSecret, input));
      default:
        throw new AwsError('UnknownOperationException', '');
    }
  };

  return {
    call: run,
    remove: (arns) => {
      for (const arn of arns) secrets.delete(arn);
      write();
    },
    tryRotation: async (arn) => {
      const versionId = randomUUID();
      const current = versionWith(find(arn), 'AWSCURRENT');
      const value = current === undefined ? undefined : find(arn).versions[current]?.value;
      announce(find(arn), versionId, value);
      await runStep(find(arn), 'testSecret', versionId).finally(() => {
        if (versionWith(find(arn), 'AWSPENDING') !== versionId) return;
        save(withoutVersion(find(arn), versionId));
      });
    },
    deploy: (deployed, rotations) => {
      const missing = deployed.filter(({ arn, isExisting }) => !isExisting && !secrets.has(arn));
      for (const { arn, logicalId, initial } of missing) {
        const empty = {
          arn,
          name: logicalId,
          createdAt: now(),
          rotationFunctionArn: undefined,
          versions: {},
        };
        const value = initial && ('literal' in initial ? initial.literal : generate(initial.generatedLength));
        const put = { versionId: randomUUID(), value: value ?? '', labels: undefined, now: now() };
        save(value === undefined ? empty : withValue(empty, put));
      }
      for (const { arn } of deployed) save({ ...find(arn), rotationFunctionArn: rotations.get(arn) });
      return missing.length > 0;
    },
  };
}

/** AWS leaves AWSPENDING on the current version or on none after a success. The local service removes it. */
function settled(secret: StoredSecret, versionId: string): StoredSecret {
  if (versionWith(secret, 'AWSPENDING') !== versionId) return secret;
  return withMovedLabel(secret, { label: 'AWSPENDING', to: undefined, from: versionId });
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

/** Letters and digits, the characters that ExcludePunctuation leaves. */
function generate(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** A version without labels has no member for them: the model of the API gives the list at least one entry. */
function stagesOf(labels: readonly string[]): { readonly VersionStages?: readonly string[] } {
  return labels.length === 0 ? {} : { VersionStages: labels };
}
