import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeSecretRotation } from '../../functions/rotation/code-secret-rotation.ts';
import { rotationSteps } from '../../functions/rotation/rotate-secret.ts';
import { type InProcess, rotateInProcess } from '../support/in-process-rotation.ts';

const first = 'f'.repeat(64);
const token = '00000000-0000-4000-8000-000000000002';
let secret: InProcess;
beforeEach(async () => {
  secret = rotateInProcess(() => codeSecretRotation);
  await secret.put(first);
});
afterEach(() => secret.end());

describe('the rotation of the code secret', () => {
  it('makes another random value current, and keeps the one before', async () => {
    const values = new Set([first]);
    for (let i = 0; i < 5; i += 1) {
      const before = (await secret.stored())['AWSCURRENT'];
      await secret.rotate();
      const { AWSCURRENT = '', ...others } = await secret.stored();
      expect(AWSCURRENT).toMatch(/^[A-Za-z0-9]{64}$/);
      expect(others).toEqual({ AWSPREVIOUS: before });
      values.add(AWSCURRENT);
    }
    expect(values.size).toBe(6);
  });

  it('may repeat every step, and makes one value', async () => {
    await secret.announce(token);
    const seen = new Set<string | undefined>();
    for (const step of rotationSteps) {
      for (let i = 0; i < 3; i += 1) await secret.step(step, token);
      seen.add(await secret.versions.read(token));
    }
    expect(seen.size).toBe(1);
    // Taking AWSPENDING off by a call would look like a rotation that did not complete.
    expect(await secret.stored()).toEqual({
      AWSCURRENT: [...seen][0],
      AWSPENDING: [...seen][0],
      AWSPREVIOUS: first,
    });
  });

  it('stays pending when a step fails, so that Secrets Manager’s own repetition goes on with it', async () => {
    secret.state.lost = ['createSecret'];
    await secret.rotate(token);
    expect((await secret.stored())['AWSPREVIOUS']).toBe(first);
    expect(secret.state.steps.filter((step) => step === 'createSecret')).toHaveLength(2);
  });

  it('lets no value become current that makes no key', async () => {
    await secret.announce(token);
    await secret.versions.storePending(token, 'short');
    await expect(secret.step('testSecret', token)).rejects.toMatchObject({ reason: 'malformed' });
    expect((await secret.stored())['AWSCURRENT']).toBe(first);
  });

  it('makes nothing when it is only being attached', async () => {
    await secret.attach();
    expect(await secret.stored()).toEqual({ AWSCURRENT: first });
  });
});
