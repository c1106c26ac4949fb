/** Each action of the flow, with each part that misbehaves, in each way: it ends in a state that can be left. */
import { createDoorcode, type Doorcode } from 'doorcode-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOtpFlow, type OtpFlow } from '../../../clients/react-native/src/flow.ts';
import { listenForSms } from '../../../clients/react-native/src/sms-consent.ts';
import { misbehaving, misbehavingParts, misbehaviours, openPlainServer } from '../../support/misbehaving.ts';

const faults: unknown[][] = [];
beforeEach(() => {
  vi.useFakeTimers();
  faults.length = 0;
  vi.spyOn(console, 'error').mockImplementation((...told) => {
    faults.push(told);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const number = '98765 43210';

async function ended(action: Promise<void>): Promise<void> {
  let isOver = false;
  const settled = action.finally(() => {
    isOver = true;
  });
  settled.catch(() => undefined);
  for (let seconds = 0; seconds < 600 && !isOver; seconds += 1) await vi.advanceTimersByTimeAsync(1_000);
  expect(isOver).toBe(true);
  await settled;
}

/** From a screen in this state a person can go on: it has a button that works. */
function expectLeavable(flow: OtpFlow): void {
  expect(['idle', 'enter-code', 'signed-in']).toContain(flow.state().tag);
  const state = flow.state();
  if (state.tag === 'enter-code') expect(state.isResending).toBe(false);
}

/** Each action, and the state that it starts from. */
const actions: Readonly<Record<string, (flow: OtpFlow) => Promise<void>>> = {
  start: async () => undefined,
  sendCode: async (flow) => {
    flow.typeNumber(number);
    await flow.sendCode();
  },
  resend: async (flow) => {
    flow.typeNumber(number);
    await flow.sendCode();
    vi.advanceTimersByTime(31_000);
    await flow.resend();
  },
  typeCode: async (flow) => {
    flow.typeNumber(number);
    await flow.sendCode();
    await flow.typeCode('123456');
  },
  receiveSms: async (flow) => {
    flow.typeNumber(number);
    const sending = flow.sendCode();
    await flow.receiveSms('123456 is your verification code.');
    await sending;
  },
  back: async (flow) => {
    flow.typeNumber(number);
    await flow.sendCode();
    flow.back();
  },
  restart: async (flow) => {
    flow.typeNumber(number);
    await flow.sendCode();
    await flow.typeCode('123456');
    await flow.restart();
  },
};

const matrix = Object.keys(actions).flatMap((action) =>
  misbehavingParts.flatMap((part) => misbehaviours.map((misbehaviour) => ({ action, part, misbehaviour }))),
);

describe('an action of the flow', () => {
  it.each(matrix)('$action ends though $part $misbehaviour', async ({ action, part, misbehaviour }) => {
    const doorcode = createDoorcode({
      baseUrl: 'https://api.example.com',
      ...openPlainServer().options(part, misbehaviour),
    });
    const flow = createOtpFlow({ doorcode });
    await ended(flow.start());
    await ended(actions[action]?.(flow) ?? Promise.reject(new Error(action)));
    expectLeavable(flow);
  });

  const calls = ['requestOtp', 'verifyOtp', 'resendOtp', 'resume', 'signOut'] as const;
  const clients = calls.flatMap((call) => misbehaviours.map((misbehaviour) => ({ call, misbehaviour })));

  it.each(clients)('ends with a client whose $call $misbehaviour', async ({ call, misbehaviour }) => {
    for (const action of Object.values(actions)) {
      const working = createDoorcode({ baseUrl: 'https://api.example.com', fetch: openPlainServer().fetch });
      const doorcode: Doorcode = { ...working, [call]: misbehaving(misbehaviour, undefined) };
      const flow = createOtpFlow({ doorcode });
      await ended(flow.start());
      await ended(action(flow));
      expectLeavable(flow);
    }
  });

  it('says that the app is at fault when a callback of its own throws, and the next tap is a new try', async () => {
    let isBroken = true;
    const doorcode = createDoorcode({
      baseUrl: 'https://api.example.com',
      fetch: openPlainServer().fetch,
      headers: async () => {
        if (isBroken) throw new Error('App Check has no network');
        return {};
      },
    });
    const flow = createOtpFlow({ doorcode });
    await ended(flow.start());
    flow.typeNumber(number);
    await ended(flow.sendCode());
    expect(flow.state()).toMatchObject({ tag: 'idle', refusal: { reason: 'headers-failed' } });
    isBroken = false;
    await ended(flow.sendCode());
    expect(flow.state().tag).toBe('enter-code');
    isBroken = true;
    await ended(flow.typeCode('123456'));
    expect(flow.state()).toMatchObject({
      tag: 'enter-code',
      code: '123456',
      refusal: { reason: 'headers-failed' },
    });
    vi.advanceTimersByTime(31_000);
    await ended(flow.resend());
    expect(flow.state()).toMatchObject({ tag: 'enter-code', refusal: { reason: 'headers-failed' } });
    isBroken = false;
    await ended(flow.submitCode());
    expect(flow.state().tag).toBe('signed-in');
  });

  it('goes on although a listener throws, and tells the developer', async () => {
    const doorcode = createDoorcode({ baseUrl: 'https://api.example.com', fetch: openPlainServer().fetch });
    const flow = createOtpFlow({ doorcode });
    const seen: string[] = [];
    flow.subscribe(misbehaving('throws', undefined));
    const leave = flow.subscribe(() => seen.push(flow.state().tag));
    await ended(flow.start());
    leave();
    expect(seen).toEqual(['idle']);
    expect(faults.flat().join(' ')).toContain('a listener failed');
  });
});

describe('a listener for the SMS', () => {
  it.each(misbehaviours)('that %s stops nothing', async (misbehaviour) => {
    const stop = listenForSms(misbehaving(misbehaviour, undefined), () => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(() => stop()).not.toThrow();
    expect(faults).toHaveLength(misbehaviour === 'throws' || misbehaviour === 'rejects' ? 1 : 0);
  });

  it('may answer at once, and is not heard any more after its end', () => {
    const heard: string[] = [];
    let late = (_text: string): void => undefined;
    const stop = listenForSms(
      (onSms) => {
        onSms('at once');
        late = onSms;
        return misbehaving('throws', undefined);
      },
      (text) => heard.push(text),
    );
    stop();
    late('too late');
    expect(heard).toEqual(['at once']);
  });
});
