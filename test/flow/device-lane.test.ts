/** The lane of devices that have signed in: limits of its own, and nothing that a stranger can spend or pretend. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import { type Flow, startFlow } from '../support/flow.ts';
import { startTestTable, type TestTable } from '../support/table.ts';

const [number, other] = ['+919876543210', '+919876543211'];
let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

function idOf(outcome: RequestOtpOutcome) {
  if (outcome.tag !== 'accepted')
    throw new Error(`expected an accepted request, got ${JSON.stringify(outcome)}`);
  return outcome.requestId;
}

/** Signs in as a stranger and gives the token of the device. */
async function signIn(flow: Flow, phoneNumber = number): Promise<string> {
  const outcome = await flow.verify(idOf(await flow.request(phoneNumber)), flow.lastCode());
  if (outcome.tag !== 'verified' || outcome.deviceToken === undefined)
    throw new Error('expected a device token');
  return outcome.deviceToken;
}

describe('a device that has signed in', () => {
  it('gets a code when strangers have spent the public limits, and its code wins', async () => {
    const flow = startFlow(table);
    const deviceToken = await signIn(flow);
    flow.state.now += 31;
    await flow.request(number);
    expect((await flow.request(number)).tag).toBe('too-many-requests');
    const requestId = idOf(await flow.request(number, { deviceToken }));
    expect(await flow.verify(requestId, flow.lastCode())).toMatchObject({
      tag: 'verified',
      deviceToken: undefined,
    });
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('expired-code');
  });

  it('has limits too, of its own', async () => {
    const flow = startFlow(table);
    const deviceToken = await signIn(flow);
    idOf(await flow.request(number, { deviceToken }));
    expect(await flow.request(number, { deviceToken })).toMatchObject({
      tag: 'too-many-requests',
      retryAfterSeconds: 30,
    });
  });

  it('spends no attempt of the public lane, and the public none of its own', async () => {
    const flow = startFlow(table);
    const deviceToken = await signIn(flow);
    flow.state.now += 31;
    const [stranger, device] = [
      idOf(await flow.request(number)),
      idOf(await flow.request(number, { deviceToken })),
    ];
    for (let i = 0; i < 6; i += 1) await flow.verify(stranger, flow.wrongCode());
    expect(await flow.verify(device, flow.wrongCode())).toEqual({
      tag: 'incorrect-code',
      attemptsRemaining: 4,
    });
  });

  it('is given its send back by a definite refusal', async () => {
    const flow = startFlow(table);
    const deviceToken = await signIn(flow);
    flow.state.nextOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
    expect((await flow.request(number, { deviceToken })).tag).toBe('temporarily-unavailable');
    idOf(await flow.request(number, { deviceToken }));
  });

  it('is a stranger to every other number, and so is a token that was altered', async () => {
    const flow = startFlow(table);
    const deviceToken = await signIn(flow);
    await signIn(flow, other);
    flow.state.now += 31;
    await flow.request(other);
    expect((await flow.request(other, { deviceToken })).tag).toBe('too-many-requests');
    await flow.request(number);
    const altered = (deviceToken.startsWith('A') ? 'B' : 'A') + deviceToken.slice(1);
    for (const token of [altered, `${deviceToken}A`, 'x', ''])
      expect((await flow.request(number, { deviceToken: token })).tag).toBe('too-many-requests');
  });

  it('is a stranger again when newer devices have taken its place', async () => {
    const flow = startFlow(table, { devicesPerNumber: 2 });
    const first = await signIn(flow);
    flow.state.now += 31;
    const second = await signIn(flow);
    flow.state.now += 300;
    const third = await signIn(flow);
    for (const deviceToken of [second, third]) {
      idOf(await flow.request(number, { deviceToken }));
      flow.state.now += 300;
    }
    await flow.request(number);
    expect((await flow.request(number, { deviceToken: first })).tag).toBe('too-many-requests');
  });

  it('is told the same token when the answer is given again', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    const key = 'idempotency-key-0001';
    const won = await flow.verify(requestId, flow.lastCode(), key);
    expect(await flow.verify(requestId, flow.lastCode(), key)).toEqual(won);
  });

  it('is none where devices are not remembered', async () => {
    const flow = startFlow(table, { devicesPerNumber: 0 });
    const requestId = idOf(await flow.request(number));
    expect(await flow.verify(requestId, flow.lastCode())).toMatchObject({ deviceToken: undefined });
  });
});

describe('the budget', () => {
  it('keeps a part for devices that strangers cannot spend', async () => {
    const budgets = { sendsPerDay: 10, sendsPerHour: 10, strangersBudgetPercent: 80 };
    const flow = startFlow(table, budgets);
    // Days that no other test counts on.
    flow.state.now += 20 * 86_400;
    const deviceToken = await signIn(flow);
    flow.state.now += 86_400;
    for (let i = 0; i < 8; i += 1) idOf(await flow.request(`+9190000000${i}0`));
    expect(await flow.request('+919000000099')).toMatchObject({
      tag: 'temporarily-unavailable',
      reason: 'budget',
    });
    idOf(await flow.request(number, { deviceToken }));
  });
});
