/** The doctor on a local stack with nothing wrong: everything is told, and everything is ok. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../doctor/checks.ts';
import { exitStatusOf } from '../../doctor/finding.ts';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { freshProviderKey, storeProviderKey } from '../../test-kit/provider-key.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import { runDoctor } from '../support/run-doctor.ts';

const { issuer, audience, jwksUrl, algorithms } = sessionFor();
const foreign = { issuer, audience, jwksUrl, algorithms };
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: {
      alarmTopicArn: 'arn:aws:sns:ap-south-1:000000000000:on-call',
      cloudTrailLogGroupName: 'trail/all',
    },
  });
});
afterAll(() => stack.stop());

describe('a deployment that is right', () => {
  it('has one line for each check, and every line is ok', async () => {
    const { findings } = await runDoctor(stack);
    expect(findings.filter(({ tag }) => tag !== 'ok')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(checks.map(({ name }) => name));
    expect(exitStatusOf(findings)).toBe(0);
  });

  it('sends no SMS and writes no item', async () => {
    const before = stack.awsCalls.length;
    await runDoctor(stack);
    expect(stack.provider.sends).toEqual([]);
    const actions = stack.awsCalls.slice(before).map(({ action }) => action);
    expect(actions).toContain('DescribeTable');
    expect(actions.filter((action) => !/^(Describe|Get|List)/.test(action))).toEqual([]);
  });

  it('has every alarm’s metric written after the first run, and then writes none', async () => {
    const { findings } = await runDoctor(stack);
    expect(findings.find(({ check }) => check === 'alarm data')).toMatchObject({
      tag: 'ok',
      text: expect.not.stringContaining('by this check'),
    });
  });

  it('leaves what does more than read to the person who is asked', async () => {
    const { findings } = await runDoctor(stack, { agrees: false });
    const asked = checks.filter(({ asks }) => asks !== undefined).map(({ name }) => name);
    expect(asked).toEqual(['secret reads', 'alarm data', 'provider']);
    expect(findings.filter(({ tag }) => tag === 'untold').map(({ check }) => check)).toEqual(asked);
    expect(exitStatusOf(findings)).toBe(3);
  });

  it.each<readonly [what: string, settings: Partial<DoorcodeStackProps>]>([
    ['sessions off', { sessions: 'off' }],
    [
      'a session and an attested app required',
      {
        session: sessionFor('sign-in'),
        attestation: {
          ...foreign,
          apps: { android: { mode: 'require', appIds: ['1:1:android:1'] } },
        },
      },
    ],
    [
      'roles, origins, reservations and other rates',
      {
        requestRatePerSecond: 10,
        allowedOrigins: ['https://app.example.com'],
        breakGlassRoleArn: 'arn:aws:iam::000000000000:role/break-glass',
        controlsRoleArn: 'arn:aws:iam::000000000000:role/controls',
        reservedConcurrency: { requestOtp: 50 },
        conversionBreaker: { mode: 'off' },
        guessBreaker: { mode: 'off' },
      },
    ],
  ])('is right with %s, too', async (_, settings) => {
    await stack.update({ settings });
    const { findings } = await runDoctor(stack);
    expect(findings.filter(({ tag }) => tag !== 'ok')).toEqual([]);
    const functions = stack.deployment.functions.length;
    expect(findings.find(({ check }) => check === 'functions')).toMatchObject({
      text: expect.stringContaining(`${functions} active`),
    });
  });

  it('is told to store the provider’s key, and fine once somebody has', async () => {
    const fresh = await startLocalStack({ workers: 1, storesProviderKey: false });
    try {
      const before = await runDoctor(fresh);
      expect(before.findings.filter(({ tag }) => tag !== 'ok')).toEqual([
        expect.objectContaining({
          check: 'secrets',
          tag: 'wrong',
          mend: expect.stringContaining('StoreSmsKey'),
        }),
        { check: 'provider', tag: 'untold', reason: 'no provider key is stored yet' },
      ]);
      const key = freshProviderKey();
      fresh.provider.control({ addKey: { key, label: 'first' } });
      await storeProviderKey(fresh, key);
      expect((await runDoctor(fresh)).findings.filter(({ tag }) => tag !== 'ok')).toEqual([]);
    } finally {
      await fresh.stop();
    }
  });
});
