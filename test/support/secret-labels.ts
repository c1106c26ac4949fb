/** Secrets of a local stack by their logical ids: which labels they have, and their rotation. */
import type { LocalStack } from '../../local/local-stack.ts';

export type SecretId = 'SmsSecret' | 'CodeSecret';

const arnOf = (stack: LocalStack, id: SecretId): string => {
  const secret = stack.deployment.secrets.find(({ logicalId }) => logicalId === id);
  if (secret === undefined) throw new Error(`no ${id}`);
  return secret.arn;
};

/** The version that each label sits on. */
export async function labelsOf(stack: LocalStack, id: SecretId): Promise<Readonly<Record<string, string>>> {
  const answer = await stack.secretsManager.call('DescribeSecret', { SecretId: arnOf(stack, id) });
  const versions = Object.entries<string[]>(Object(answer).VersionIdsToStages);
  return Object.fromEntries(versions.flatMap(([version, own]) => own.map((label) => [label, version])));
}

/** Starts a rotation and waits for its end; gives the id of the new version. */
export async function rotate(stack: LocalStack, id: SecretId, token?: string): Promise<string> {
  const answer = await stack.secretsManager.call('RotateSecret', {
    SecretId: arnOf(stack, id),
    ...(token !== undefined && { ClientRequestToken: token }),
  });
  return String(Object(answer).VersionId);
}
