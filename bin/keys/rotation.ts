/** Starts a rotation and waits for its end. Also invokes a rotation function with one of our own two steps. */
import { InvalidRequestException, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { Advice } from '../../terminal/advice.ts';
import type { SecretId } from '../command/deployment.ts';
import { invoke } from '../command/invoke.ts';
import type { KeysDeployment } from './keys-deployment.ts';
import { describeLabels } from './labels.ts';

const pollMs = 2_000;
const patienceMs = 120_000;
/** Secrets Manager is eventually consistent, so a rotation that has just begun may stay invisible for this long. */
const visibleAfterMs = 5_000;

/** Rotates a secret. Resolves when the new version is current; throws `Advice` when it did not become current. */
export async function rotate(deployment: KeysDeployment, secret: SecretId): Promise<void> {
  const { secrets, arnOf } = deployment;
  const command = new RotateSecretCommand({
    SecretId: arnOf(secret),
    ClientRequestToken: crypto.randomUUID(),
  });
  const { VersionId } = await secrets.send(command).catch((error: unknown) => {
    if (!(error instanceof InvalidRequestException)) throw error;
    throw new Advice(`${secret} was not rotated. The current version is unchanged. ${error.message}`);
  });
  const startedAtMs = performance.now();
  let wasSeen = false;
  for (;;) {
    const labels = (await describeLabels(deployment, secret)).get(VersionId ?? '') ?? [];
    if (labels.includes('AWSCURRENT')) return;
    const isUnderWay = labels.includes('AWSPENDING');
    wasSeen ||= isUnderWay;
    const tookMs = performance.now() - startedAtMs;
    if (!isUnderWay && (wasSeen || tookMs > visibleAfterMs)) throw new Advice(notRotated(secret));
    if (tookMs > patienceMs)
      throw new Advice(
        `${secret}: the rotation is still running after ${patienceMs / 1000} s. Check status later.`,
      );
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function notRotated(secret: SecretId): string {
  return `${secret} was not rotated. The current version is unchanged. Read the log of its rotation function: a line with the code rotate-….failed says why.`;
}

/** Invokes a rotation function with one of our own steps; throws `Advice` when it fails. */
export async function invokeStep(
  deployment: KeysDeployment,
  construct: 'RotateSigningKey' | 'RotateProviderKey',
  event: Readonly<Record<string, unknown>>,
): Promise<void> {
  const invoked = await invoke(deployment, deployment.functionOf(construct), event);
  if (invoked.tag === 'failed') throw new Advice(invoked.message);
}
