import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { candidateLabel, providerKeyRotation } from '../../functions/rotation/provider-key-rotation.ts';
import { type RotationStep, rotationSteps } from '../../functions/rotation/rotate-secret.ts';
import { noProviderKey } from '../../functions/secrets/provider-key-format.ts';
import { freshProviderKey } from '../../test-kit/provider-key.ts';
import { type InProcess, rotateInProcess } from '../support/in-process-rotation.ts';

let secret: InProcess;
let old: string;
let next: string;
beforeEach(async () => {
  secret = rotateInProcess(providerKeyRotation);
  old = freshProviderKey();
  next = freshProviderKey();
  secret.state.taken = new Set([old, next]);
  await secret.put(old);
});
afterEach(() => secret.end());

const untouched = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
  expect(await secret.stored()).toEqual({ AWSCURRENT: old, ...more });
};
const handedOver = async (): Promise<void> => {
  expect(await secret.stored()).toEqual({ AWSCURRENT: next, AWSPREVIOUS: old });
};

describe('the hand-over of the provider key', () => {
  it('makes the candidate current, and takes every other label off it', async () => {
    await secret.put(next, candidateLabel);
    await secret.rotate();
    await handedOver();
    expect(secret.state.tried).toEqual([next]);
  });

  it('never makes a key: without a candidate nothing is stored', async () => {
    await expect(secret.rotate()).rejects.toMatchObject({ reason: 'no-candidate' });
    await untouched();
  });

  it.each([
    ['a word', () => 'password'],
    ['upper case', () => freshProviderKey().toUpperCase()],
    ['a line feed at its end', () => `${freshProviderKey()}\n`],
    ['one digit too many', () => `${freshProviderKey()}0`],
    ['JSON around it', () => JSON.stringify({ key: freshProviderKey() })],
  ])('shows the provider nothing that is no key: %s', async (_, make) => {
    const value = make();
    await secret.put(value, candidateLabel);
    await expect(secret.rotate()).rejects.toMatchObject({ reason: 'malformed' });
    await untouched({ [candidateLabel]: value });
    expect(secret.state.tried).toEqual([]);
  });

  it('leaves a key that the provider refuses where it is, and the next rotation needs no repair', async () => {
    const wrong = freshProviderKey();
    await secret.put(wrong, candidateLabel);
    await expect(secret.rotate()).rejects.toMatchObject({ reason: 'refused' });
    await untouched({ [candidateLabel]: wrong });
    await secret.put(next, candidateLabel);
    await secret.rotate();
    await handedOver();
  });

  it('does not take silence for consent', async () => {
    await secret.put(next, candidateLabel);
    secret.state.trial = 'no-answer';
    await expect(secret.rotate()).rejects.toMatchObject({ reason: 'no-answer' });
    await untouched({ [candidateLabel]: next });
    secret.state.trial = undefined;
    await secret.rotate();
    await handedOver();
  });

  it('may repeat every step', async () => {
    await secret.put(next, candidateLabel);
    const token = randomUUID();
    await secret.announce(token);
    for (const step of rotationSteps) for (let i = 0; i < 3; i += 1) await secret.step(step, token);
    expect(await secret.stored()).toEqual({ AWSCURRENT: next, AWSPENDING: next, AWSPREVIOUS: old });
  });

  it('takes AWSPENDING off nothing after success, and the next rotation starts all the same', async () => {
    await secret.put(next, candidateLabel);
    const token = randomUUID();
    await secret.announce(token);
    secret.state.refusedMove = 'AWSPENDING';
    for (const step of rotationSteps) await secret.step(step, token);
    expect((await secret.stored())['AWSPENDING']).toBe(next);
    const later = freshProviderKey();
    secret.state.taken.add(later);
    await secret.put(later, candidateLabel);
    await secret.rotate();
    expect(await secret.stored()).toEqual({ AWSCURRENT: later, AWSPREVIOUS: next });
  });

  it.each(rotationSteps)('goes through when the answer to %s gets lost and all is repeated', async (step) => {
    await secret.put(next, candidateLabel);
    secret.state.lost = [step];
    await secret.rotate();
    await handedOver();
    expect(secret.state.steps.length).toBeGreaterThan(4);
  });

  it('leaves a candidate that was stored meanwhile for its own rotation', async () => {
    await secret.put(next, candidateLabel);
    const token = randomUUID();
    await secret.announce(token);
    for (const step of ['createSecret', 'setSecret', 'testSecret'] as const) await secret.step(step, token);
    const later = freshProviderKey();
    await secret.put(later, candidateLabel);
    await secret.step('finishSecret', token);
    expect(await secret.stored()).toEqual({
      AWSCURRENT: next,
      AWSPENDING: next,
      AWSPREVIOUS: old,
      [candidateLabel]: later,
    });
  });

  it('does not go on under the same version with another candidate', async () => {
    await secret.put(next, candidateLabel);
    const token = randomUUID();
    await secret.announce(token);
    await secret.step('createSecret', token);
    await secret.put(freshProviderKey(), candidateLabel);
    await expect(secret.step('createSecret', token)).rejects.toMatchObject({ reason: 'candidate-changed' });
    expect(Object.keys(await secret.stored()).sort()).toEqual(['AWSCURRENT', candidateLabel]);
  });

  it.each<RotationStep>(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'says plainly that a version is not pending any longer, at %s',
    async (step) => {
      await secret.put(next, candidateLabel);
      const token = randomUUID();
      await secret.announce(token);
      await secret.step('createSecret', token);
      await secret.versions.moveLabel('AWSPENDING', { from: token });
      await expect(secret.step(step, token)).rejects.toMatchObject({ reason: 'not-pending' });
      await untouched({ [candidateLabel]: next });
    },
  );

  it('lets nothing become current that createSecret did not put there', async () => {
    const token = randomUUID();
    await secret.announce(token);
    await expect(secret.step('finishSecret', token)).rejects.toMatchObject({ reason: 'no-value' });
    await untouched();
  });

  it('tests nothing when it is only being attached, with and without a version that is pending', async () => {
    await secret.attach();
    await secret.step('testSecret', randomUUID());
    await untouched();
    expect(secret.state.tried).toEqual([]);
  });

  it.each([
    ['has no value at all', undefined],
    ['has what a deployment puts there', noProviderKey],
  ])('can be attached to a secret that %s', async (_, value) => {
    const empty = rotateInProcess(providerKeyRotation);
    if (value !== undefined) await empty.put(value);
    await empty.attach();
    expect(await empty.stored()).toEqual(value === undefined ? {} : { AWSCURRENT: value });
    expect(empty.state).toMatchObject({ steps: ['testSecret'], tried: [] });
    empty.end();
  });

  it('is attached although the provider refuses the key in use: a deployment must not fail for that', async () => {
    secret.state.taken.clear();
    await secret.attach();
    await untouched();
    expect(secret.state.tried).toEqual([]);
  });

  it('makes the first key current, in place of what a deployment puts there', async () => {
    const empty = rotateInProcess(providerKeyRotation);
    empty.state.taken.add(next);
    await empty.put(noProviderKey);
    await empty.put(next, candidateLabel);
    await empty.rotate();
    expect(await empty.stored()).toEqual({ AWSCURRENT: next, AWSPREVIOUS: noProviderKey });
    expect(empty.state.tried).toEqual([next]);
    empty.end();
  });

  it('never takes what a deployment puts there for a candidate', async () => {
    await secret.put(noProviderKey, candidateLabel);
    await expect(secret.rotate()).rejects.toMatchObject({ reason: 'malformed' });
    expect(secret.state.tried).toEqual([]);
  });

  it('runs once at a time', async () => {
    await secret.put(next, candidateLabel);
    const outcomes = await Promise.allSettled([secret.rotate(), secret.rotate(), secret.rotate()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await handedOver();
  });

  it('says so when the label that blocks the next rotation could not be taken off', async () => {
    await secret.put(freshProviderKey(), candidateLabel);
    secret.state.refused = 'UpdateSecretVersionStage';
    await expect(secret.rotate()).rejects.toMatchObject({
      reason: 'refused, and AWSPENDING could not be taken off',
    });
  });

  it('survives the emergency path between two of its steps', async () => {
    await secret.put(next, candidateLabel);
    const token = randomUUID();
    await secret.announce(token);
    await secret.step('createSecret', token);
    const pasted = freshProviderKey();
    await secret.put(pasted);
    await secret.step('testSecret', token);
    await secret.step('finishSecret', token);
    expect(await secret.stored()).toEqual({ AWSCURRENT: next, AWSPENDING: next, AWSPREVIOUS: pasted });
  });
});
