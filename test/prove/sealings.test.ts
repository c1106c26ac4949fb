/** Random histories of asks, replays and deployments: no two texts under one key and IV. The full size is R3 of the proof. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { deriveSealKeys } from '../../functions/otp/identity-keys.ts';
import { seal } from '../../functions/otp/seal.ts';
import { openSealLog } from '../../prove/histories/seal-log.ts';
import { sealings } from '../../prove/histories/sealings.ts';
import { smallRun } from './small-run.ts';

it('one challenge is sealed in one way, whatever is proved or deployed meanwhile', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await sealings(smallRun(0.003));
  console.info(seen);
  expect(violations).toEqual([]);
});

it('the log tells one name with two plaintexts, and a text that does not open', () => {
  const keys = deriveSealKeys(randomBytes(48).toString('base64'), 'test-seal-1');
  const log = openSealLog();
  const name = randomBytes(16);
  const add = (plaintext: string) => {
    const text = seal(keys, { name, plaintext: Buffer.from(plaintext) }).toString('base64url');
    return log.add({ format: 'request id', keys, text });
  };
  expect(add('public')).toEqual([]);
  expect(add('public')).toEqual([]);
  expect(add('attest')).toEqual(['one name for two request ids']);
  expect(log.add({ format: 'request id', keys, text: 'A'.repeat(63) })).toHaveLength(1);
});
