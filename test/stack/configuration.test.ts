/**
 * A careless operator: variables that are missing or malformed, secrets that are empty, damaged or out of reach. The
 * app gets 503, the log names the variable, and never shows what it holds.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { setVariable } from '../support/set-variable.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
});
afterAll(() => stack.stop());

type FunctionName = 'request-otp' | 'verify-otp' | 'well-known';

/** One call of a function that would be answered well if nothing were wrong. */
async function use(name: FunctionName): Promise<Reply> {
  if (name === 'well-known') return call(`${stack.apiUrl}/.well-known/openid-configuration`);
  const phoneNumber = freshNumber();
  const asked = await ask(stack, phoneNumber);
  return name === 'request-otp' ? asked : type(stack, asked.json.requestId, codeFor(stack, phoneNumber));
}

/** What the log says of the answer with this `instance`. */
async function logged(instance: string): Promise<Record<string, unknown>> {
  const lines = () => stack.logLines.filter(({ line }) => line.includes(`"requestId":"${instance}"`));
  await expect.poll(lines).toHaveLength(1);
  return JSON.parse(lines()[0]?.line ?? '').message;
}

async function expectUnavailable(name: FunctionName, dependency: string, reason: string): Promise<void> {
  const reply = await use(name);
  expect(reply.status).toBe(503);
  expect(reply.json.type).toBe('urn:doorcode:temporarily-unavailable');
  expect(reply.text).not.toContain(dependency);
  expect(await logged(reply.json.instance)).toMatchObject({
    code: dependency === 'SMS_SECRET_ARN' ? 'request-otp.no-key' : `${name}.unavailable`,
    dependency,
    reason,
  });
}

const marker = 'value-that-nobody-may-see';

describe('a variable', () => {
  it.each<[FunctionName, string]>([
    ['request-otp', 'SETTINGS'],
    ['request-otp', 'TABLE_NAME'],
    ['request-otp', 'PROVIDER_URL'],
    ['request-otp', 'IDENTITY_SECRET_ARN'],
    ['request-otp', 'CODE_SECRET_ARN'],
    ['request-otp', 'SMS_SECRET_ARN'],
    ['verify-otp', 'SIGNING_SECRET_ARN'],
    ['verify-otp', 'ISSUER'],
    ['well-known', 'ISSUER'],
    ['well-known', 'TABLE_NAME'],
  ])('of %s that is missing (%s) is named in the log', async (name, variable) => {
    await stack.update({ alter: (template) => setVariable(template, variable, undefined) });
    await expectUnavailable(name, variable, 'missing');
    await stack.update();
    expect((await use(name)).status).toBeLessThan(300);
  });

  it.each<[FunctionName, string, string]>([
    ['request-otp', 'SETTINGS', '{'],
    ['request-otp', 'SETTINGS', `{"appName":"${marker}"}`],
    ['request-otp', 'PROVIDER_URL', `${marker}`],
    ['request-otp', 'PROVIDER_URL', `ftp://${marker}`],
    ['verify-otp', 'ISSUER', marker],
    ['well-known', 'ISSUER', marker],
  ])('of %s that is malformed (%s=%s) is named, and not shown', async (name, variable, value) => {
    const linesBefore = stack.logLines.length;
    await stack.update({ alter: (template) => setVariable(template, variable, value) });
    await expectUnavailable(name, variable, 'malformed');
    const lines = stack.logLines.slice(linesBefore).map(({ line }) => line);
    expect(lines.join('\n')).not.toContain(marker);
    await stack.update();
  });
});

describe('a setting that the schema of the synth let through wrongly', () => {
  it.each([
    ['no limit', { sendLimits: [] }],
    ['a zero', { codeLifetimeSeconds: 0 }],
    ['an unknown member', { sendsPerWeek: 1 }],
  ])('(%s) stops the cold start too', async (_, wrong) => {
    const settings = { appName: 'Doorcode', audience: 'doorcode-app', ...wrong };
    await stack.update({ alter: (template) => setVariable(template, 'SETTINGS', JSON.stringify(settings)) });
    await expectUnavailable('request-otp', 'SETTINGS', 'malformed');
    await stack.update();
  });
});

describe('a secret', () => {
  const secretOf = (logicalId: string): string => {
    const secret = stack.deployment.secrets.find((candidate) => candidate.logicalId === logicalId);
    if (secret === undefined) throw new Error(`no secret ${logicalId}`);
    return secret.arn;
  };
  const readSecret = async (SecretId: string): Promise<string> =>
    Object(await stack.secretsManager.call('GetSecretValue', { SecretId })).SecretString;

  it.each<[FunctionName, string, string]>([
    ['request-otp', 'IdentitySecret', 'IDENTITY_SECRET_ARN'],
    ['request-otp', 'CodeSecret', 'CODE_SECRET_ARN'],
    ['verify-otp', 'SigningSecret', 'SIGNING_SECRET_ARN'],
  ])('that a cold %s finds damaged (%s) is named, and not shown', async (name, logicalId, variable) => {
    const SecretId = secretOf(logicalId);
    const good = await readSecret(SecretId);
    const linesBefore = stack.logLines.length;
    await stack.secretsManager.call('PutSecretValue', { SecretId, SecretString: `{"${marker}` });
    await stack.update();
    await expectUnavailable(name, variable, 'malformed');
    expect(
      stack.logLines
        .slice(linesBefore)
        .map(({ line }) => line)
        .join('\n'),
    ).not.toContain(marker);
    await stack.secretsManager.call('PutSecretValue', { SecretId, SecretString: good });
    await stack.update();
    expect((await use(name)).status).toBeLessThan(300);
  });

  it('that must not change stops a worker that sees it change, until the old value is back', async () => {
    const SecretId = secretOf('IdentitySecret');
    const good = await readSecret(SecretId);
    expect((await use('verify-otp')).status).toBe(200);
    await stack.secretsManager.call('PutSecretValue', { SecretId, SecretString: 'x'.repeat(64) });
    stack.pool('request-otp').shiftClock(301);
    const refused = await ask(stack, freshNumber());
    expect(refused.status).toBe(503);
    expect(await logged(refused.json.instance)).toMatchObject({ code: 'secret.changed', reason: 'changed' });
    await stack.secretsManager.call('PutSecretValue', { SecretId, SecretString: good });
    stack.pool('request-otp').shiftClock(602);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    stack.pool('request-otp').shiftClock(0);
  });

  it('that a cold function may not read, or cannot reach, is named', async () => {
    stack.faults.add({ service: 'secretsmanager', mode: 'refuse' });
    await stack.update();
    await expectUnavailable('request-otp', 'IDENTITY_SECRET_ARN', 'AccessDeniedException');
    stack.faults.clear();
    expect((await use('request-otp')).status).toBe(202);
  });
});
