/** Starting a rotation and waiting for its end; and the two calls of our own to a rotation function. */
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { InvalidRequestException, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { Advice } from '../../local/advice.ts';
import type { SecretId } from '../command/deployment.ts';
import type { KeysDeployment } from './deployment.ts';
import { versionWith } from './provider-key.ts';
import { readVersions } from './status.ts';

const pollMs = 2_000;
const patienceMs = 120_000;

/** Rotates a secret; resolves when the new version is current, throws advice when it did not become so. */
export async function rotate(deployment: KeysDeployment, secret: SecretId): Promise<void> {
  const { secrets, arnOf } = deployment;
  const command = new RotateSecretCommand({
    SecretId: arnOf(secret),
    ClientRequestToken: crypto.randomUUID(),
  });
  const { VersionId } = await secrets.send(command).catch((error: unknown) => {
    if (!(error instanceof InvalidRequestException)) throw error;
    throw new Advice(`${secret} was not rotated; what was current still is. ${error.message}`);
  });
  const endsAtMs = performance.now() + patienceMs;
  for (;;) {
    const versions = await readVersions(deployment, secret);
    if (versionWith(versions, 'AWSCURRENT')?.versionId === VersionId) return;
    const isUnderWay = versionWith(versions, 'AWSPENDING')?.versionId === VersionId;
    if (!isUnderWay || performance.now() > endsAtMs) break;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Advice(
    `${secret} was not rotated; what was current still is. The log of its rotation function says why, in a line with the code rotate-….failed.`,
  );
}

/** Invokes a rotation function with a step of our own; throws advice when it fails. */
export async function invokeStep(
  { lambda, functionOf }: KeysDeployment,
  construct: 'RotateSigningKey' | 'RotateProviderKey',
  event: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: functionOf(construct), Payload: Buffer.from(JSON.stringify(event)) }),
  );
  if (FunctionError === undefined) return;
  // biome-ignore lint/suspicious/noExplicitAny: Lambda's error document; its message is ours.
  const { errorMessage }: any = JSON.parse(Buffer.from(Payload ?? '{}').toString());
  throw new Advice(String(errorMessage ?? FunctionError));
}
