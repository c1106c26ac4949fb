/**
 * The person on call has a screenshot with an `instance`, and the log. One line must tell which step refused, why and
 * what to do, and must not tell whose number or which code it was.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { messages } from '../../functions/runtime/message-codes.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';

let stack: LocalStack;
let phoneNumber: string;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings: { sendsPerIpv4Address: 1000 } });
});
afterEach(() => {
  stack.faults.clear();
  stack.provider.control({ fault: null, balance: 1000 });
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(0);
});
afterAll(() => stack.stop());

const asked = () => ask(stack, phoneNumber);
async function signIn(code: (sent: string) => string, times = 1): Promise<Reply> {
  const { requestId } = (await asked()).json;
  let reply: Reply | undefined;
  for (let i = 0; i < times; i += 1) reply = await type(stack, requestId, code(codeFor(stack, phoneNumber)));
  if (reply === undefined) throw new Error('no reply');
  return reply;
}

const send = async (): Promise<[Reply, Record<string, unknown>]> => {
  const reply = await asked();
  const found = () => stack.logLines.filter(({ line }) => line.includes(reply.json.supportReference));
  await expect.poll(found).toHaveLength(1);
  return [reply, JSON.parse(found()[0]?.line ?? '').message];
};

/** How a sign-in fails, and the message code that says so. */
const failures: readonly [string, string, () => Promise<Reply>][] = [
  ['a wrong code', 'verify-otp.incorrect', () => signIn(otherThan)],
  ['the sixth wrong code', 'verify-otp.too-many-attempts', () => signIn(otherThan, 6)],
  ['a code that was used', 'verify-otp.not-live', () => signIn((code) => code, 2)],
  ['a requestId that we did not make', 'verify-otp.forged', () => type(stack, 'A'.repeat(63), '123456')],
  ['a number in another spelling', 'request-otp.invalid', () => ask(stack, phoneNumber.slice(1))],
  ['a second SMS too early', 'request-otp.limited-by-sends', () => asked().then(asked)],
  [
    'guesses spent, then an SMS wanted',
    'request-otp.limited-by-attempts',
    async () => {
      await signIn(otherThan, 5);
      stack.pool('request-otp').shiftClock(31);
      return asked();
    },
  ],
  [
    'an empty wallet',
    'request-otp.provider-balance',
    async () => {
      stack.provider.control({ balance: 0 });
      return asked();
    },
  ],
  [
    'a provider that is broken',
    'request-otp.provider-failed',
    async () => {
      stack.provider.control({ fault: { name: '500' } });
      return asked();
    },
  ],
  [
    'a table that throttles',
    'request-otp.unavailable',
    async () => {
      stack.faults.add({ service: 'dynamodb', mode: 'throttle' });
      return asked();
    },
  ],
];

describe('the log', () => {
  it.each(failures)('tells by its instance why %s was refused (%s)', async (_, code, fail) => {
    phoneNumber = freshNumber();
    const reply = await fail();
    const { instance, status } = reply.json;
    const found = () => stack.logLines.filter(({ line }) => line.includes(`"requestId":"${instance}"`));
    await expect.poll(found).toHaveLength(1);
    const line = found()[0]?.line ?? '';
    const { level, message } = JSON.parse(line);
    expect(message).toMatchObject({ code, status, requestId: instance });
    expect(message.supportReference).toBe(reply.json.supportReference);
    const known: Readonly<Record<string, (typeof messages)[keyof typeof messages]>> = messages;
    expect(level.toLowerCase()).toBe(known[code]?.level);
    expect(message.action).toBe(level === 'INFO' ? undefined : known[code]?.action);
    expect(line).not.toContain(phoneNumber.slice(3));
    const sent = stack.provider.sends.filter((send) => send.phoneNumber === phoneNumber);
    for (const send of sent) expect(line).not.toMatch(new RegExp(`\\b${send.code}\\b`));
  });

  it('names the provider’s id of an SMS, and how long a refused caller waits', async () => {
    phoneNumber = freshNumber();
    const [, sent] = await send();
    const { messageId } = stack.provider.sends.findLast((one) => one.phoneNumber === phoneNumber) ?? {};
    expect(sent).toMatchObject({ code: 'request-otp.sent', messageId });
    const [refused, line] = await send();
    expect(line).toMatchObject({ retryAfterSeconds: refused.json.retryAfterSeconds });
  });

  it('has one tag for all lines of a number, and another for another number', async () => {
    const tagsOf = async (): Promise<readonly unknown[]> => {
      phoneNumber = freshNumber();
      const before = stack.logLines.length;
      await signIn(otherThan);
      const decisions = () =>
        stack.logLines.slice(before).flatMap(({ line }) => JSON.parse(line).message?.numberTag ?? []);
      await expect.poll(decisions).toHaveLength(2);
      return [...new Set(decisions())];
    };
    const [one, other] = [await tagsOf(), await tagsOf()];
    expect([one.length, other.length]).toEqual([1, 1]);
    expect(one).not.toEqual(other);
  });

  it('counts each decision as a metric, with nobody’s identity in a dimension', async () => {
    phoneNumber = freshNumber();
    // A minute in which the worker has not yet said what it says once a minute.
    for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(120);
    const before = stack.logLines.length;
    await signIn((code) => code);
    const metrics = () =>
      stack.logLines
        .slice(before)
        .map(({ line }) => JSON.parse(line))
        .filter((line) => '_aws' in line);
    await expect.poll(metrics).toHaveLength(3);
    const named = (name: string) => metrics().find((line) => name in line);
    const [sent, verified] = [named('request-otp.sent'), named('verify-otp.verified')];
    expect(sent).toMatchObject({
      'request-otp.sent': 1,
      'provider.latency': expect.any(Number),
      'provider-key.age': expect.any(Number),
    });
    expect(verified).toMatchObject({ 'verify-otp.verified': 1 });
    expect(named('provider-key.used')._aws.CloudWatchMetrics[0].Dimensions).toEqual([
      ['service', 'versionId'],
    ]);
    for (const { _aws } of [sent, verified]) {
      expect(_aws.CloudWatchMetrics[0].Namespace).toBe('Doorcode');
      expect(_aws.CloudWatchMetrics[0].Dimensions).toEqual([['service']]);
    }
  });
});
