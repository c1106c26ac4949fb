import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotationSteps } from '../../functions/rotation/rotate-secret.ts';
import {
  maxPendingSeconds,
  sessionSecretRotation,
} from '../../functions/rotation/session-secret-rotation.ts';
import { type InProcess, rotateInProcess } from '../support/in-process-rotation.ts';

const first = 'f'.repeat(64);
const token = '00000000-0000-4000-8000-000000000003';
const idleDays = 60;
const daySeconds = 86_400;
/** The age from which the secret may rotate. */
const ripeSeconds = (idleDays + 1) * daySeconds;

let secret: InProcess;
beforeEach(async () => {
  secret = rotateInProcess(() =>
    sessionSecretRotation({ idleDays, now: () => secret.now(), storedAt: (label) => secret.storedAt(label) }),
  );
  await secret.put(first);
});
afterEach(() => secret.end());

describe('the rotation of the session secret', () => {
  it('makes another random value current, and keeps the one before', async () => {
    const values = new Set([first]);
    for (let i = 0; i < 5; i += 1) {
      const before = (await secret.stored())['AWSCURRENT'];
      secret.state.aheadSeconds += ripeSeconds + 10;
      await secret.rotate();
      const { AWSCURRENT = '', ...others } = await secret.stored();
      expect(AWSCURRENT).toMatch(/^[A-Za-z0-9]{64}$/);
      expect(others).toEqual({ AWSPREVIOUS: before });
      values.add(AWSCURRENT);
    }
    expect(values.size).toBe(6);
  });

  it.each([0, 1, daySeconds, idleDays * daySeconds, ripeSeconds - 5])(
    'is refused %d s after the current version was stored, and leaves nothing behind',
    async (aheadSeconds) => {
      secret.state.aheadSeconds = aheadSeconds;
      await secret.rotate().catch(() => undefined);
      // Secrets Manager repeats the step, in vain.
      expect(new Set(secret.state.steps)).toEqual(new Set(['createSecret']));
      expect(await secret.stored()).toEqual({ AWSCURRENT: first });
      // Nothing is pending, so that the next one can start when its time has come.
      secret.state.aheadSeconds = ripeSeconds + 10;
      await secret.rotate();
      expect((await secret.stored())['AWSPREVIOUS']).toBe(first);
    },
  );

  it('is refused in its last step, too, where somebody stored a value meanwhile', async () => {
    secret.state.aheadSeconds = ripeSeconds + 10;
    await secret.announce(token);
    await secret.step('createSecret', token);
    await secret.put('e'.repeat(64));
    await expect(secret.step('finishSecret', token)).rejects.toMatchObject({ reason: 'too-soon' });
    expect(await secret.stored()).toEqual({ AWSCURRENT: 'e'.repeat(64), AWSPREVIOUS: first });
  });

  it('never makes a value current that waited: workers would sign with it before others have read it', async () => {
    for (const step of ['createSecret', 'finishSecret'] as const) {
      secret.state.aheadSeconds += ripeSeconds + 10;
      const before = await secret.stored();
      const own = token.replace(/.$/, step === 'createSecret' ? 'a' : 'b');
      await secret.announce(own);
      await secret.step('createSecret', own);
      secret.state.aheadSeconds += maxPendingSeconds + 1;
      await expect(secret.step(step, own)).rejects.toMatchObject({ reason: 'too-late' });
      expect(await secret.stored()).toEqual(before);
    }
    await secret.rotate();
    expect((await secret.stored())['AWSPREVIOUS']).toBe(first);
  });

  it('may repeat every step within that time, and makes one value', async () => {
    secret.state.aheadSeconds = ripeSeconds + 10;
    await secret.announce(token);
    const seen = new Set<string | undefined>();
    for (const step of rotationSteps) {
      for (let i = 0; i < 3; i += 1) await secret.step(step, token);
      seen.add(await secret.versions.read(token));
    }
    expect(seen.size).toBe(1);
    expect((await secret.stored())['AWSCURRENT']).toBe([...seen][0]);
  });

  it('stays pending when a step is lost, so that Secrets Manager’s own repetition goes on with it', async () => {
    secret.state.aheadSeconds = ripeSeconds + 10;
    secret.state.lost = ['createSecret'];
    await secret.rotate(token);
    expect((await secret.stored())['AWSPREVIOUS']).toBe(first);
  });

  it('lets no value become current that is not one of ours', async () => {
    secret.state.aheadSeconds = ripeSeconds + 10;
    await secret.announce(token);
    await secret.versions.storePending(token, 'short');
    await expect(secret.step('testSecret', token)).rejects.toMatchObject({ reason: 'malformed' });
    expect((await secret.stored())['AWSCURRENT']).toBe(first);
  });

  it('makes nothing when it is only being attached, however young the secret is', async () => {
    await secret.attach();
    expect(await secret.stored()).toEqual({ AWSCURRENT: first });
  });
});
