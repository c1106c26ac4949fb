/** `keys status`: the versions of the provider key, the rotations of the other secrets, and what is safe to do next. */
import {
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  paginateListSecretVersionIds,
  type SecretVersionsListEntry,
} from '@aws-sdk/client-secrets-manager';
import type { SecretId } from '../command/deployment.ts';
import { identityState } from './identity.ts';
import type { KeysDeployment } from './keys-deployment.ts';
import { describeLabels, pendingIn } from './labels.ts';
import {
  adviceOn,
  candidateLabel,
  type KeyVersion,
  keysAmong,
  labelledVersions,
} from './provider-key-versions.ts';

/** The provider key's versions with their uses, and the version that a rotation has announced. `now` is epoch seconds. */
export async function readProviderKey(
  deployment: KeysDeployment,
  now: number,
): Promise<readonly KeyVersion[]> {
  const { secrets, arnOf } = deployment;
  const all: SecretVersionsListEntry[] = [];
  const pages = paginateListSecretVersionIds(
    { client: secrets },
    { SecretId: arnOf('SmsSecret'), IncludeDeprecated: true },
  );
  for await (const { Versions = [] } of pages) all.push(...Versions);
  const listed = labelledVersions({ Versions: keysAmong(all) });
  const pending = pendingIn(await describeLabels(deployment, 'SmsSecret'));
  const isListed = pending === undefined || listed.some(({ versionId }) => versionId === pending);
  const announced = { versionId: pending ?? '', labels: ['AWSPENDING'], storedAt: now };
  return Promise.all(
    [...listed, ...(isListed ? [] : [announced])].map(async (version) => ({
      ...version,
      lastUsedAt: await deployment.lastUse(version.versionId),
    })),
  );
}

/** The labelled versions of a secret. */
async function readVersions(
  { secrets, arnOf }: KeysDeployment,
  secret: SecretId,
): Promise<readonly KeyVersion[]> {
  const answer = await secrets.send(
    new ListSecretVersionIdsCommand({ SecretId: arnOf(secret), MaxResults: 100 }),
  );
  return labelledVersions(answer);
}

/** The whole report. `now` is epoch seconds. */
export async function status(deployment: KeysDeployment, now: number): Promise<string> {
  const [key, signing, code, session, identity, kids] = await Promise.all([
    readProviderKey(deployment, now),
    rotationOf(deployment, 'SigningSecret', now),
    rotationOf(deployment, 'CodeSecret', now),
    deployment.has('SessionSecret') ? rotationOf(deployment, 'SessionSecret', now) : undefined,
    readVersions(deployment, 'IdentitySecret'),
    publishedKids(deployment),
  ]);
  const advice = adviceOn(key, now);
  return [
    `Keys of ${deployment.name}`,
    '',
    'Provider key (SmsSecret)',
    ...(key.length === 0
      ? ['  none stored since the deployment']
      : [...key].sort(byLabel).map((version) => line(version, now))),
    '',
    'Signing keys (SigningSecret)',
    `  ${kids.length} published: ${kids.join(', ')}`,
    `  ${signing}`,
    '',
    'Code secret (CodeSecret)',
    `  ${code}`,
    '',
    ...(session === undefined ? [] : ['Session secret (SessionSecret)', `  ${session}`, '']),
    'Identity secret (IdentitySecret)',
    `  ${identityState(identity, deployment.deployedAt)}`,
    '',
    ...advice.map((sentence, i) => `${i === 0 ? 'Next: ' : '      '}${sentence}`),
  ].join('\n');
}

const labelOrder = ['AWSCURRENT', 'AWSPREVIOUS', candidateLabel, 'AWSPENDING'];

function byLabel(a: KeyVersion, b: KeyVersion): number {
  const rank = ({ labels }: KeyVersion): number =>
    Math.min(
      ...labels.map((label) => (labelOrder.indexOf(label) + labelOrder.length + 1) % (labelOrder.length + 1)),
    );
  return rank(a) - rank(b);
}

function line({ versionId, labels, storedAt, lastUsedAt }: KeyVersion, now: number): string {
  // After a rotation AWSPENDING may stay on the version that is now current. Then nothing is pending.
  const told = labels.includes('AWSCURRENT') ? labels.filter((label) => label !== 'AWSPENDING') : labels;
  const names = told.map((label) => label.replace('AWS', '').toLowerCase()).join(', ');
  const used =
    lastUsedAt === undefined ? 'not used in the last 3 hours' : `last used ${ago(now - lastUsedAt)}`;
  return `  ${names.padEnd(18)} version ${versionId.slice(0, 8)}   stored ${ago(now - storedAt)}, ${used}`;
}

async function rotationOf(
  { secrets, arnOf }: KeysDeployment,
  secret: SecretId,
  now: number,
): Promise<string> {
  const answer = await secrets.send(new DescribeSecretCommand({ SecretId: arnOf(secret) }));
  const { RotationEnabled, LastRotatedDate, NextRotationDate, VersionIdsToStages = {} } = answer;
  if (RotationEnabled !== true) return 'no rotation';
  const last = LastRotatedDate
    ? `last rotated ${ago(now - LastRotatedDate.getTime() / 1000)}`
    : 'not rotated yet';
  const next = NextRotationDate ? `, next ${NextRotationDate.toISOString().slice(0, 10)}` : '';
  const pending = pendingIn(new Map(Object.entries(VersionIdsToStages)));
  const state = pending === undefined ? '' : '; a rotation is running or did not finish';
  return `${last}${next}${state}`;
}

/** The ids of the published signing keys. */
export async function publishedKids({ apiUrl }: KeysDeployment): Promise<readonly string[]> {
  const response = await fetch(`${apiUrl}/.well-known/jwks.json`);
  if (!response.ok) return [];
  // biome-ignore lint/suspicious/noExplicitAny: our own document; a wrong one shows no keys.
  const { keys = [] }: any = await response.json();
  return keys.map(({ kid }: { kid: string }) => kid);
}

function ago(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [name, length] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? ['second', 1];
  const count = Math.max(0, Math.floor(seconds / length));
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}
