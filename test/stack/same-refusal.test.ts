/** Which limit or budget it was does not show: the answers are one answer, apart from their id and the seconds. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';
import { dayIn, putControls } from '../../test-kit/stored-controls.ts';

let stack: LocalStack;
/** Noon of the day after tomorrow, UTC, and a minute. */
const noon = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_260;
const settings = {
  sendsPerIpv4Address: 8,
  numbersPerIpv6Prefix: 1,
  sendsPerNumberBlock: 12,
  testNumbersUntil: dayIn(1),
} as const;

/** A number of a block that no other test asks for. */
const inBlock = (last: number): string => `+917000000${String(last).padStart(3, '0')}`;

function standStill(): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(noon);
}

beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings });
  standStill();
});
afterEach(async () => {
  await putControls(stack, {});
});
afterAll(() => stack.stop());

/** All that a client sees, with what may differ blotted out: the id, and for limits the seconds. */
function shape({ status, headers, text, json }: Reply): unknown {
  const seen = Object.entries(headers).filter(
    ([name]) => !['date', 'retry-after', 'connection', 'keep-alive'].includes(name),
  );
  const blotted = (all: string): string =>
    all
      .replaceAll(json.instance, 'id')
      .replaceAll(json.supportReference, 'reference')
      .replace(/"retryAfterSeconds":[0-9]+/, '"retryAfterSeconds":n');
  return {
    status,
    headers: blotted(JSON.stringify(seen)).replace(/"content-length","[0-9]+"/, ''),
    text: blotted(text),
  };
}

it('a 429 of sends, guesses, address, block, provider, and of a denied or an expired test number is the same', async () => {
  const [bySends, byAttempts, byProvider, denied, tested] = [
    freshNumber(),
    freshNumber(),
    freshNumber(),
    freshNumber(),
    freshNumber(),
  ];
  await putControls(stack, {
    denied: [denied],
    testNumbers: [{ phoneNumber: tested, code: '135790', until: dayIn(1) }],
  });
  await stack.update();
  standStill();
  await ask(stack, bySends, { from: '127.0.0.2' });
  const { requestId } = (await ask(stack, byAttempts, { from: '127.0.0.2' })).json;
  const wrong = otherThan(codeFor(stack, byAttempts));
  for (let i = 0; i < 5; i += 1) await type(stack, requestId, wrong);
  stack.provider.control({ exhaustNumber: byProvider });
  for (let i = 0; i < 8; i += 1) await ask(stack, bySends, { from: '127.0.0.4' });
  for (let i = 0; i < 12; i += 1) await ask(stack, inBlock(i), { from: `127.0.1.${i + 1}` });
  const replies = [
    await ask(stack, bySends, { from: '127.0.0.3' }),
    await ask(stack, byAttempts, { from: '127.0.0.3' }),
    await ask(stack, byProvider, { from: '127.0.0.3' }),
    await ask(stack, freshNumber(), { from: '127.0.0.4' }),
    await ask(stack, inBlock(500), { from: '127.0.0.5' }),
    await ask(stack, denied, { from: '127.0.0.5' }),
    // Noon of the day after tomorrow: its end date is over.
    await ask(stack, tested, { from: '127.0.0.5' }),
  ];
  if (stack.apiUrlIpv6 !== undefined) {
    const url = `${stack.apiUrlIpv6}/auth/request-otp`;
    await call(url, { body: { phoneNumber: freshNumber() } });
    replies.push(await call(url, { body: { phoneNumber: freshNumber() } }));
  }
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([429]));
  const [first, ...others] = replies.map(shape);
  for (const other of others) expect(other).toEqual(first);
  const waits = replies.map(({ json }) => json.retryAfterSeconds);
  for (const wait of waits) expect(wait).toBeGreaterThan(0);
  // A denied number counts down like one that has spent its day.
  for (const wait of waits.slice(5, 7)) expect(wait).toBeLessThanOrEqual(86_400);
});

it('a 503 of the hour, the day, the strangers’ share, the conversion breaker and the kill switch is the same', async () => {
  const calm = { sendsPerNumberBlock: undefined, sendsPerIpv4Address: 1000 };
  const spent: readonly [string, object, object][] = [
    ['hour', { ...calm, sendsPerDay: 1000, sendsPerHour: 1 }, {}],
    ['day', { ...calm, sendsPerDay: 1 }, {}],
    ['share of strangers', { ...calm, sendsPerDay: 10, strangersBudgetPercent: 10 }, {}],
    [
      'conversion',
      { ...calm, conversionBreaker: { mode: 'enforce', minSendsPerHour: 1, trickleSeconds: 3600 } },
      {},
    ],
    ['kill switch for strangers', calm, { sending: 'returning-devices' }],
    ['kill switch', calm, { sending: 'nobody' }],
  ];
  const replies: Reply[] = [];
  const reasons: string[] = [];
  for (const [index, [name, changed, controls]] of spent.entries()) {
    await putControls(stack, controls);
    await stack.update({ settings: changed });
    // A day of its own for each: the items of the one before count for nothing.
    for (const pool of ['request-otp', 'verify-otp']) stack.pool(pool).stopClock(noon + (index + 1) * 86_400);
    const first = await ask(stack, freshNumber());
    const reply = first.status === 202 ? await ask(stack, freshNumber()) : first;
    expect(reply.status, name).toBe(503);
    replies.push(reply);
    const line = () =>
      stack.logLines.find(({ line }) => line.includes(`"requestId":"${reply.json.instance}"`));
    await expect.poll(line).toBeDefined();
    const { code, reason } = JSON.parse(line()?.line ?? '').message;
    reasons.push(`${code}${reason === undefined ? '' : `: ${reason}`}`);
  }
  expect(reasons).toEqual([
    'request-otp.budget-spent: public hour',
    'request-otp.budget-spent: public day',
    'request-otp.budget-spent: public day',
    'request-otp.slowed: public conversion',
    'request-otp.switched-off',
    'request-otp.switched-off',
  ]);
  // The seconds too: all wait for the next full hour.
  expect(new Set(replies.map(({ json }) => json.retryAfterSeconds))).toEqual(new Set([3540]));
  const [first, ...others] = replies.map(shape);
  for (const other of others) expect(other).toEqual(first);
});
