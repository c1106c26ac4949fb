/**
 * The labels of a secret's versions. DescribeSecret shows a version as soon as a rotation has announced it. The list of
 * versions may omit it while it has no value.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
 */
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Deployment, SecretId } from '../command/deployment.ts';

/** Labels by version id. */
export type Labels = ReadonlyMap<string, readonly string[]>;

/** Reads the labels of a secret. */
export async function describeLabels(
  { secrets, arnOf }: Pick<Deployment, 'secrets' | 'arnOf'>,
  secret: SecretId,
): Promise<Labels> {
  const { VersionIdsToStages } = await secrets.send(new DescribeSecretCommand({ SecretId: arnOf(secret) }));
  return new Map(Object.entries(VersionIdsToStages ?? {}));
}

/** The version that a rotation has announced but not yet made current, if there is one. */
export function pendingIn(labels: Labels): string | undefined {
  const [id] = [...labels].find(([, l]) => l.includes('AWSPENDING') && !l.includes('AWSCURRENT')) ?? [];
  return id;
}
