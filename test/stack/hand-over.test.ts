/** The security team hands the provider's key over, through what would be deployed: functions, rights, permissions. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { freshProviderKey, storeCandidate, storeProviderKey } from '../../test-kit/provider-key.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { labelsOf, rotate } from '../support/secret-labels.ts';

let stack: LocalStack;
let clockSeconds = 0;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 2 });
});
beforeEach(() => {
  stack.faults.clear();
  stack.provider.control({ fault: null, latencyMs: 0 });
});
afterAll(() => stack.stop());

const labels = () => labelsOf(stack, 'SmsSecret');

/** What the rotation function said that failed, since `from`. */
function failures(from: number): readonly string[] {
  return stack.logLines
    .slice(from)
    .filter(({ line }) => line.includes('"code":"rotate-provider-key.failed"'))
    .map(({ line }) => JSON.parse(line).message.reason);
}

/** Lets the workers see the newest key, as five minutes would. */
function afterSixMinutes(): void {
  clockSeconds += 360;
  stack.pool('request-otp').shiftClock(clockSeconds);
}

async function keyOfNextSend(): Promise<string | undefined> {
  afterSixMinutes();
  expect((await ask(stack, freshNumber())).status).toBe(202);
  return stack.provider.sends.at(-1)?.keyLabel;
}

/** Rotates, expects a failure for `reason`, and that nothing changed but the candidate. */
async function expectFailure(reason: string): Promise<void> {
  const { CANDIDATE: _, ...before } = await labels();
  const from = stack.logLines.length;
  await expect(rotate(stack, 'SmsSecret')).rejects.toThrow();
  await expect.poll(() => failures(from)[0]).toBe(reason);
  const { CANDIDATE: __, ...after } = await labels();
  expect(after).toEqual(before);
}

/** The next rotation needs no repair. */
async function expectHandOver(): Promise<void> {
  const key = await storeCandidate(stack);
  const before = await labels();
  const version = await rotate(stack, 'SmsSecret');
  expect(await labels()).toEqual({ AWSCURRENT: version, AWSPREVIOUS: before['AWSCURRENT'] });
  expect(await keyOfNextSend()).toBe(key.slice(-6));
}

describe('a new provider key', () => {
  it('is tried without an SMS, becomes current, and sends', async () => {
    const smsBefore = stack.provider.sends.length;
    const key = await storeCandidate(stack);
    expect(await keyOfNextSend()).toBe('first');
    const before = await labels();
    const version = await rotate(stack, 'SmsSecret');
    expect(await labels()).toEqual({ AWSCURRENT: version, AWSPREVIOUS: before['AWSCURRENT'] });
    expect(stack.provider.sends).toHaveLength(smsBefore + 1);
    expect(await keyOfNextSend()).toBe(key.slice(-6));
  });

  it('never becomes current when the provider refuses it', async () => {
    await storeProviderKey(stack, freshProviderKey(), 'CANDIDATE');
    await expectFailure('testSecret: refused');
    await expectHandOver();
  });

  it('never becomes current, nor reaches the provider, when it is no key', async () => {
    await storeProviderKey(stack, `${freshProviderKey()}\n`, 'CANDIDATE');
    await expectFailure('createSecret: malformed');
    await expectHandOver();
  });

  it('is never made up: without a candidate the rotation fails', async () => {
    await expectFailure('createSecret: no-candidate');
    await expectHandOver();
  });

  it.each(['503', '429-throttle', 'html', 'redirect', 'reset-before', 'hang-before'] as const)(
    'does not become current while the provider does not say whether it takes it (%s)',
    async (name) => {
      await storeCandidate(stack);
      stack.provider.control({ fault: { name } });
      await expectFailure('testSecret: no-answer');
      stack.provider.control({ fault: null });
      await expectHandOver();
    },
  );

  it('becomes current in one rotation when several are started at once', async () => {
    await storeCandidate(stack);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => rotate(stack, 'SmsSecret')));
    const versions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(versions).toHaveLength(1);
    expect((await labels())['AWSCURRENT']).toBe(versions[0]);
  });

  it('is handed over although an answer of Secrets Manager gets lost at every step', async () => {
    for (const action of ['DescribeSecret', 'GetSecretValue', 'PutSecretValue']) {
      const fault = { service: 'secretsmanager', function: 'rotate-provider-key', action, times: 1 } as const;
      stack.faults.add({ ...fault, mode: 'lose-answer' });
      await expectHandOver();
    }
  });

  it('is handed over to the end by a repetition when the move of a label was not confirmed', async () => {
    const key = await storeCandidate(stack);
    stack.faults.add({
      service: 'secretsmanager',
      function: 'rotate-provider-key',
      action: 'UpdateSecretVersionStage',
      mode: 'lose-answer',
      times: 1,
    });
    const version = await rotate(stack, 'SmsSecret');
    const { AWSCURRENT, CANDIDATE, AWSPENDING } = await labels();
    expect({ AWSCURRENT, CANDIDATE, AWSPENDING }).toEqual({ AWSCURRENT: version });
    expect(await keyOfNextSend()).toBe(key.slice(-6));
  });

  it('leaves no trace of itself in any log', async () => {
    const keys = [await storeCandidate(stack), freshProviderKey()];
    await rotate(stack, 'SmsSecret');
    await storeProviderKey(stack, keys[1] ?? '', 'CANDIDATE');
    await expectFailure('testSecret: refused');
    const lines = stack.logLines.map(({ line }) => line).join('\n');
    for (const key of keys) expect(lines).not.toContain(key.slice('sm_live_'.length));
  });
});

describe('the rotation function of the provider key', () => {
  it('passed the trial at deployment, when the secret was empty', () => {
    const trial = stack.logLines.find(({ function: name }) => name === 'rotate-provider-key');
    expect(JSON.parse(trial?.line ?? '').message).toMatchObject({
      code: 'rotate-provider-key.done',
      reason: 'testSecret',
    });
  });

  it('counts a failure, for the alarm', () => {
    const counts = stack.logLines.filter(({ line }) => line.includes('"rotate-provider-key.failed":1'));
    expect(JSON.parse(counts[0]?.line ?? '')).toMatchObject({ service: 'Doorcode' });
  });

  it('rotates no other secret', async () => {
    const other = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'CodeSecret');
    const event = { Step: 'createSecret', SecretId: other?.arn, ClientRequestToken: randomUUID() };
    expect(await stack.pool('rotate-provider-key').invoke(event)).toMatchObject({ tag: 'error' });
  });
});

describe('a candidate that nobody promotes', () => {
  it('is said aloud after a day, and not before', async () => {
    await storeCandidate(stack);
    const lines = () => stack.logLines.filter(({ line }) => line.includes('candidate-forgotten"'));
    stack.pool('rotate-provider-key').shiftClock(86_000);
    await stack.runSchedules();
    stack.pool('rotate-provider-key').shiftClock(86_500);
    await stack.runSchedules();
    // The line of the decision and its metric, once.
    await expect.poll(lines).toHaveLength(2);
    stack.pool('rotate-provider-key').shiftClock(0);
  });
});
