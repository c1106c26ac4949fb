/** The signing keys as verify-otp uses them: imported once, proved, and named where they are of no use. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { importingSigners } from '../../functions/secrets/signers.ts';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';
import type { SigningKeySet } from '../../functions/tokens/signing-key-set.ts';
import { damagedKeys } from '../support/damaged-keys.ts';
import { neverOver } from '../support/test-clock.ts';

const key = { ...(await generateSigningKey()), activeFrom: 0 };
const other = await generateSigningKey();

/** Reads what `state` holds at the moment. */
function open(first: SigningKeySet) {
  const state = { set: first };
  return { state, read: importingSigners('SIGNING_SECRET_ARN', async () => state.set) };
}
const unusable = new Unavailable('SIGNING_SECRET_ARN', 'unusable');

describe('the signing keys', () => {
  it('sign with the newest active one', async () => {
    const { read } = open({ keys: [key, { ...other, activeFrom: 100 }] });
    const signerAt = await read(neverOver);
    expect((await signerAt(99)).kid).toBe(key.kid);
    expect((await signerAt(100)).kid).toBe(other.kid);
  });

  it('are imported once, however often the set is read', async () => {
    const { read } = open({ keys: [key] });
    const [first, second] = [await (await read(neverOver))(0), await (await read(neverOver))(0)];
    expect(second).toBe(first);
  });

  it('are none while the set is empty', async () => {
    await expect(open({ keys: [] }).read(neverOver)).rejects.toEqual(
      new Unavailable('SIGNING_SECRET_ARN', 'empty'),
    );
  });

  it.each(damagedKeys(key, other))('name their secret when one %s', async (_, damaged) => {
    await expect(open({ keys: [{ ...damaged, activeFrom: 0 }] }).read(neverOver)).rejects.toEqual(unusable);
    // Whether it signs now, signed before, or waits.
    const [before, after] = [
      { ...damaged, activeFrom: 0 },
      { ...damaged, activeFrom: 1_000 },
    ];
    await expect(open({ keys: [before, { ...other, activeFrom: 500 }] }).read(neverOver)).rejects.toEqual(
      unusable,
    );
    await expect(open({ keys: [{ ...other, activeFrom: 0 }, after] }).read(neverOver)).rejects.toEqual(
      unusable,
    );
  });

  it.each(damagedKeys(key, other))('are looked at again when one that was good %s', async (_, damaged) => {
    const { state, read } = open({ keys: [key] });
    const signerAt = await read(neverOver);
    state.set = { keys: [{ ...damaged, activeFrom: 0 }] };
    await expect(read(neverOver)).rejects.toEqual(unusable);
    expect((await signerAt(0)).kid).toBe(key.kid);
    state.set = { keys: [key] };
    expect((await (await read(neverOver))(0)).kid).toBe(key.kid);
  });

  it('are refused when they are too short for RS256', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const jwk = { ...key.jwk, ...(privateKey.export({ format: 'jwk' }) as Partial<typeof key.jwk>) };
    await expect(open({ keys: [{ ...key, jwk }] }).read(neverOver)).rejects.toEqual(unusable);
  });
});
