/** The secrets as a deployment leaves them: who may do what with them, and the provider's key before the first one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  type SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal, type SecretId } from '../../bin/command/deployment.ts';
import { noProviderKey } from '../../functions/secrets/provider-key-format.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { freshProviderKey } from '../../test-kit/provider-key.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { runCommand } from '../support/run-command.ts';

let directory: string;
let stack: LocalStack;
/** An administrator: every right on Secrets Manager. */
let administrator: SecretsManagerClient;
let arnOf: (secret: SecretId) => string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-as-deployed-'));
  stack = await startLocalStack({ directory, workers: 1, storesProviderKey: false });
  const deployment = connectLocal(directory);
  administrator = deployment.secrets;
  arnOf = deployment.arnOf;
});
afterAll(async () => {
  administrator.destroy();
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

const stored = async (logicalId: string, VersionStage?: string): Promise<unknown> => {
  const SecretId = stack.deployment.secrets.find((secret) => secret.logicalId === logicalId)?.arn;
  const answer = await stack.secretsManager.call('GetSecretValue', { SecretId, VersionStage });
  return Object(answer).SecretString;
};
const denied = {
  name: 'AccessDeniedException',
  message: expect.stringContaining('explicit deny in a resource-based policy'),
};

describe('an administrator', () => {
  const guarded = ['IdentitySecret', 'CodeSecret', 'SigningSecret'] as const;

  it.each(guarded)(
    'plants no value in %s: not by an update, not by a version, not by a label',
    async (secret) => {
      const before = await stored(secret);
      const SecretId = arnOf(secret);
      const SecretString = '{"keys":[{"kid":"planted"}]}';
      const tries = [
        administrator.send(new UpdateSecretCommand({ SecretId, SecretString })),
        administrator.send(new UpdateSecretCommand({ SecretId, Description: 'mine' })),
        administrator.send(new PutSecretValueCommand({ SecretId, SecretString })),
        administrator.send(
          new UpdateSecretVersionStageCommand({
            SecretId,
            VersionStage: 'AWSCURRENT',
            MoveToVersionId: 'a'.repeat(36),
          }),
        ),
      ];
      for (const tried of tries) await expect(tried).rejects.toMatchObject(denied);
      expect(await stored(secret)).toBe(before);
    },
  );

  it.each([...guarded, 'SmsSecret'] as const)(
    'reads %s in no way, deletes it in no way, and copies it nowhere',
    async (secret) => {
      const SecretId = arnOf(secret);
      const tries = [
        administrator.send(new GetSecretValueCommand({ SecretId })),
        administrator.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })),
        administrator.send(
          new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions: [{ Region: 'us-east-1' }] }),
        ),
      ];
      for (const tried of tries) await expect(tried).rejects.toMatchObject(denied);
      expect(await stored(secret)).toEqual(expect.any(String));
    },
  );
});

describe('before the first provider key', () => {
  const reasons = (from: number) =>
    stack.logLines
      .slice(from)
      .flatMap(({ line }) =>
        line.includes('"code":"request-otp.no-key"') ? [JSON.parse(line).message.reason] : [],
      );

  it('the secret holds a word that is no key, and nobody has tried it with the provider', async () => {
    expect(await stored('SmsSecret')).toBe(noProviderKey);
    expect(stack.logLines.filter(({ line }) => line.includes('rotate-provider-key.failed'))).toEqual([]);
  });

  it('nothing is sent, the log says empty, and keys status says what to do', async () => {
    const from = stack.logLines.length;
    const { status, json } = await ask(stack, freshNumber());
    expect([status, json.type]).toEqual([503, 'urn:doorcode:temporarily-unavailable']);
    await expect.poll(() => reasons(from)).toEqual(['empty']);
    expect(stack.provider.sends).toEqual([]);
    const { stdout } = await runCommand('keys', { directory, input: '' }, ['status']);
    expect(stdout).toContain('none stored since the deployment');
    expect(stdout).toContain('Next: No key is stored, so workers send no SMS');
  });

  it('the first candidate is tried before it becomes current, like every later one', async () => {
    const key = freshProviderKey();
    stack.provider.control({ addKey: { key, label: 'first' } });
    await runCommand('keys', { directory, input: `${key}\n` }, ['store-candidate']);
    expect(await stored('SmsSecret')).toBe(noProviderKey);
    expect(await runCommand('keys', { directory, input: '' }, ['promote'])).toMatchObject({ status: 0 });
    expect(await stored('SmsSecret')).toBe(key);
    stack.pool('request-otp').shiftClock(400);
    await expect.poll(async () => (await ask(stack, freshNumber())).status).toBe(202);
    expect(stack.provider.sends.at(-1)?.keyLabel).toBe('first');
    const { stdout } = await runCommand('keys', { directory, input: '' }, ['status']);
    expect(stdout).not.toContain('previous');
    expect(stdout).toContain('Next: Nothing to do.');
  });

  it('what was there is no fallback: when the key is refused, nothing else is tried', async () => {
    expect(await stored('SmsSecret', 'AWSPREVIOUS')).toBe(noProviderKey);
    stack.provider.control({ revokeKey: 'first' });
    const sends = stack.provider.sends.length;
    const from = stack.logLines.length;
    expect((await ask(stack, freshNumber())).status).toBe(503);
    expect(stack.provider.sends).toHaveLength(sends);
    const rejected = stack.logLines
      .slice(from)
      .filter(({ line }) => line.includes('"code":"request-otp.key-rejected"'));
    for (const { line } of rejected) expect(JSON.parse(line).message.reason).toBe('current');
    expect(stack.logLines.slice(from).some(({ line }) => line.includes('"malformed"'))).toBe(false);
  });
});
