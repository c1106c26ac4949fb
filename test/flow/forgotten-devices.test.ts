/** When a device is forgotten, and that nothing brings it back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Flow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { deployments as deploymentsOn } from '../support/deployments.ts';

const number = '+919876543210';
const daySeconds = 86_400;
/** The half year of the page. */
const idleSeconds = 180 * daySeconds;
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

/** Deployments that differ in how many devices they remember. */
function deployments(): (devicesPerNumber: number) => Flow {
  const deploy = deploymentsOn(table);
  return (devicesPerNumber) => deploy({ devicesPerNumber });
}

async function signIn(flow: Flow, deviceToken?: string): Promise<string | undefined> {
  flow.state.now += 3_601;
  const asked = await flow.request(number, { deviceToken });
  if (asked.tag !== 'accepted') throw new Error(asked.tag);
  const verified = await flow.verify(asked.requestId, flow.lastCode());
  if (verified.tag !== 'verified') throw new Error(verified.tag);
  return verified.deviceToken;
}

async function becomeKnown(flow: Flow): Promise<string> {
  return String(await signIn(flow));
}

/** In which lane a device's request is counted. */
async function laneOf(flow: Flow, deviceToken: string): Promise<'device' | 'public'> {
  flow.state.now += 3_601;
  const before = await flow.record(number);
  const asked = await flow.request(number, { deviceToken });
  if (asked.tag !== 'accepted') throw new Error(asked.tag);
  return (await flow.record(number)).sent[0] === before.sent[0] ? 'device' : 'public';
}

async function lanesOf(flow: Flow, tokens: readonly string[]): Promise<readonly string[]> {
  const lanes: string[] = [];
  for (const token of tokens) lanes.push(await laneOf(flow, token));
  return lanes;
}

describe('devicesPerNumber made smaller and larger again', () => {
  async function threeDevices() {
    const deploy = deployments();
    const five = deploy(5);
    const tokens = [await becomeKnown(five), await becomeKnown(five), await becomeKnown(five)];
    return { deploy, tokens };
  }

  it.each<[string, (one: Flow, tokens: readonly string[]) => Promise<unknown>, readonly string[]]>([
    ['a new device signs in', async (one) => becomeKnown(one), ['public', 'public', 'public']],
    [
      'the newest device signs in',
      async (one, tokens) => signIn(one, tokens[2]),
      ['public', 'public', 'device'],
    ],
    [
      'the newest device asks',
      async (one, tokens) => laneOf(one, tokens[2] ?? ''),
      ['public', 'public', 'device'],
    ],
    [
      'a forgotten device asks, and is a stranger',
      async (one, tokens) => expect(await laneOf(one, tokens[0] ?? '')).toBe('public'),
      ['public', 'public', 'device'],
    ],
    ['nobody does anything', async () => undefined, ['device', 'device', 'device']],
  ])('from 5 to 1 to 5, when meanwhile %s', async (_, meanwhile, lanes) => {
    const { deploy, tokens } = await threeDevices();
    await meanwhile(deploy(1), tokens);
    const again = deploy(5);
    again.state.now += daySeconds;
    expect(await lanesOf(again, tokens)).toEqual(lanes);
  });

  it('from 5 to 0 to 5 knows nobody in between, and forgets nobody', async () => {
    const { deploy, tokens } = await threeDevices();
    const none = deploy(0);
    expect(await laneOf(none, tokens[2] ?? '')).toBe('public');
    expect(await laneOf(deploy(5), tokens[2] ?? '')).toBe('device');
  });
});

describe('a device that only asks', () => {
  it('is forgotten half a year after the last sign-in, however often it asks', async () => {
    const flow = deployments()(5);
    const token = await becomeKnown(flow);
    const knownAt = flow.state.now;
    for (let month = 1; month < 6; month += 1) {
      flow.state.now = knownAt + month * 30 * daySeconds - 3_601;
      expect(await laneOf(flow, token)).toBe('device');
    }
    flow.state.now = knownAt + idleSeconds - 1 - 3_601;
    expect(await laneOf(flow, token)).toBe('device');
    flow.state.now = knownAt + idleSeconds;
    expect(await laneOf(flow, token)).toBe('public');
  });

  it('is not brought back by another device that becomes known', async () => {
    const flow = deployments()(5);
    const idle = await becomeKnown(flow);
    flow.state.now += idleSeconds;
    const fresh = await becomeKnown(flow);
    expect(await lanesOf(flow, [idle, fresh])).toEqual(['public', 'device']);
    expect(await table.read(flow.itemKey(number).replace('phone#', 'device#'))).not.toHaveProperty('device1');
  });

  it('is known for as long as it signs in', async () => {
    const flow = deployments()(5);
    const token = await becomeKnown(flow);
    for (let i = 0; i < 4; i += 1) {
      flow.state.now += idleSeconds - daySeconds;
      expect(await laneOf(flow, token)).toBe('device');
      expect(await signIn(flow, token)).toBeUndefined();
    }
  });
});

it('two devices that become known at once after half a year are both known', async () => {
  const flow = deployments()(5);
  const idle = await becomeKnown(flow);
  flow.state.now += idleSeconds;
  const { now } = flow.state;
  const phoneKey = flow.itemKey(number).slice('phone#'.length);
  await Promise.all(
    ['a', 'b', 'c'].map((name) => flow.store.remember({ phoneKey, now, deviceHash: name.repeat(22) })),
  );
  const item = (await table.read(flow.itemKey(number).replace('phone#', 'device#'))) ?? {};
  const devices = Object.entries(item).flatMap(([name, { S }]) => (/^device\d$/.test(name) && S ? [S] : []));
  expect(devices.filter((hash) => hash !== '-').toSorted()).toEqual(
    ['a', 'b', 'c'].map((name) => name.repeat(22)),
  );
  expect(await laneOf(flow, idle)).toBe('public');
});
