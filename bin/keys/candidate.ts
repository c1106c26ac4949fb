/**
 * Storing the next provider key under its own label. The key is typed without being shown, or comes through a pipe: it
 * is in no argument list and no shell history, and nothing here prints it.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { isProviderKey } from '../../functions/otp/provider-key.ts';
import { Advice } from '../../local/advice.ts';
import type { KeysDeployment } from './deployment.ts';
import { candidateLabel } from './provider-key.ts';

/** Stores `key` as the candidate; throws advice for what cannot be a key. */
export async function storeCandidate({ secrets, arnOf }: KeysDeployment, key: string): Promise<void> {
  if (!isProviderKey(key)) {
    throw new Advice(
      'That is no StartMessaging key: expected sm_live_ and 40 lower-case hexadecimal digits.',
    );
  }
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: arnOf('SmsSecret'),
      SecretString: key,
      VersionStages: [candidateLabel],
    }),
  );
}

/** Reads a key from the terminal without showing it, or from a pipe; a line feed at its end is not part of it. */
export async function readKey(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write('Paste the key and press Enter (nothing is shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const key = await terminal.question('').finally(() => terminal.close());
  process.stderr.write('\n');
  return key;
}
