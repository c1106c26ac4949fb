/**
 * One secret: its versions and their labels. A label is on one version at a time. Moving AWSCURRENT puts AWSPREVIOUS on
 * the version that it leaves. A version that loses its last label is deprecated: no list shows it, and callers can still
 * read it by its id. The service forgets it when there are a hundred versions and it is older than a day.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 *
 * It is long because one label moves another, so that all of them stand on one page.
 */
import { AwsError } from './aws-error.ts';

const maxDeprecatedVersions = 100;
const deprecatedKeptSeconds = 86_400;

/** One version. `value` is undefined where a rotation has announced the version and not yet stored a value. */
interface SecretVersion {
  readonly value: string | undefined;
  readonly labels: readonly string[];
  /** Epoch seconds. */
  readonly createdAt: number;
}

export interface StoredSecret {
  readonly arn: string;
  readonly name: string;
  /** Epoch seconds; absent in a file of an earlier version. */
  readonly createdAt?: number;
  readonly rotationFunctionArn: string | undefined;
  /** Epoch seconds; absent before the first rotation. */
  readonly lastRotatedAt?: number;
  readonly versions: Readonly<Record<string, SecretVersion>>;
}

/** The labelled versions, by their ids. */
export function labelledVersions({ versions }: StoredSecret): readonly (readonly [string, SecretVersion])[] {
  return Object.entries(versions).filter(([, { labels }]) => labels.length > 0);
}

/** The id of the version with the label `label`. */
export function versionWith(secret: StoredSecret, label: string): string | undefined {
  return Object.entries(secret.versions).find(([, { labels }]) => labels.includes(label))?.[0];
}

/** Stores a value as `versionId`, as PutSecretValue does. The first value always gets AWSCURRENT. */
export function withValue(
  secret: StoredSecret,
  put: { versionId: string; value: string; labels: readonly string[] | undefined; now: number },
): StoredSecret {
  const existing = secret.versions[put.versionId];
  if (existing?.value !== undefined && existing.value !== put.value) {
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${put.versionId} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const current = versionWith(secret, 'AWSCURRENT');
  const isFirst = current === undefined;
  const labels = new Set([...(put.labels ?? ['AWSCURRENT']), ...(isFirst ? ['AWSCURRENT'] : [])]);
  const version = {
    value: put.value,
    labels: existing?.labels ?? [],
    createdAt: existing?.createdAt ?? put.now,
  };
  const stored = { ...secret, versions: { ...secret.versions, [put.versionId]: version } };
  const labelled = [...labels].reduce((s, label) => withLabel(s, label, put.versionId), stored);
  return forgetDeprecated(withoutFinishedRotation(labelled, current), put.now);
}

/** A finished rotation may leave AWSPENDING on the current version. A new value takes both labels off that version. */
function withoutFinishedRotation(secret: StoredSecret, former: string | undefined): StoredSecret {
  if (former === undefined || versionWith(secret, 'AWSCURRENT') === former) return secret;
  return withoutLabelOn(secret, 'AWSPENDING', former);
}

/** Moves or removes a label, as UpdateSecretVersionStage does. */
export function withMovedLabel(
  secret: StoredSecret,
  { label, to, from }: { label: string; to: string | undefined; from: string | undefined },
): StoredSecret {
  const holder = versionWith(secret, label);
  for (const versionId of [to, from]) {
    if (versionId !== undefined && secret.versions[versionId] === undefined) {
      throw new AwsError(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret version.",
      );
    }
  }
  if (from !== undefined && holder !== from) {
    throw new AwsError(
      'InvalidParameterException',
      `The version ${from} does not have the staging label ${label}.`,
    );
  }
  if (to !== undefined && holder !== undefined && holder !== to && from === undefined) {
    throw new AwsError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  if (to === undefined && label === 'AWSCURRENT') {
    throw new AwsError(
      'InvalidParameterException',
      'You can only move staging label AWSCURRENT to a different version.',
    );
  }
  const moved = to === undefined ? withoutLabel(secret, label) : withLabel(secret, label, to);
  return forgetEmpty(moved);
}

function withLabel(secret: StoredSecret, label: string, versionId: string): StoredSecret {
  const holder = versionWith(secret, label);
  if (holder === versionId) return secret;
  const bare = withoutLabel(secret, label);
  const version = bare.versions[versionId];
  if (version === undefined) return bare;
  const labelled = {
    ...bare,
    versions: { ...bare.versions, [versionId]: { ...version, labels: [...version.labels, label] } },
  };
  if (label !== 'AWSCURRENT' || holder === undefined) return labelled;
  return withLabel(withoutLabelOn(labelled, 'AWSPREVIOUS', versionId), 'AWSPREVIOUS', holder);
}

function withoutLabel(secret: StoredSecret, label: string): StoredSecret {
  return Object.keys(secret.versions).reduce((s, id) => withoutLabelOn(s, label, id), secret);
}

function withoutLabelOn(secret: StoredSecret, label: string, versionId: string): StoredSecret {
  const version = secret.versions[versionId];
  if (version === undefined) return secret;
  const labels = version.labels.filter((l) => l !== label);
  return { ...secret, versions: { ...secret.versions, [versionId]: { ...version, labels } } };
}

/** Removes a version with its labels. */
export function withoutVersion(secret: StoredSecret, versionId: string): StoredSecret {
  const { [versionId]: _, ...versions } = secret.versions;
  return { ...secret, versions };
}

/** Removes each version that a rotation announced and never gave a value, once it has no label left. */
function forgetEmpty(secret: StoredSecret): StoredSecret {
  const kept = Object.entries(secret.versions).filter(
    ([, { value, labels }]) => value !== undefined || labels.length > 0,
  );
  return { ...secret, versions: Object.fromEntries(kept) };
}

function forgetDeprecated(secret: StoredSecret, now: number): StoredSecret {
  const old = Object.entries(secret.versions)
    .filter(([, { labels }]) => labels.length === 0)
    .sort(([, a], [, b]) => b.createdAt - a.createdAt)
    .slice(maxDeprecatedVersions)
    .filter(([, { createdAt }]) => createdAt < now - deprecatedKeptSeconds);
  const forgotten = new Set(old.map(([id]) => id));
  const kept = Object.entries(secret.versions).filter(([id]) => !forgotten.has(id));
  return { ...secret, versions: Object.fromEntries(kept) };
}
