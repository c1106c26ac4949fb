/** The state machine behind the screens, with the local stack behind it: what a person does, and what they are told. */
import { createDoorcode, type DoorcodeOptions, memoryStorage } from 'doorcode-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOtpFlow, type OtpFlow } from '../../../clients/react-native/src/flow.ts';
import type { OtpState } from '../../../clients/react-native/src/flow-state.ts';
import { english } from '../../../clients/react-native/src/texts.ts';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';
import { codeFor, freshNumber, otherThan, smsTo } from '../../../test-kit/sign-in.ts';
import { openRoad, type Road } from '../../support/road.ts';

let stack: LocalStack;
let road: Road;
let nowMs: number;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 2 });
});
afterAll(() => stack.stop());
beforeEach(() => {
  road = openRoad();
  nowMs = 1_000;
});

/** An app that was just opened. */
async function open(options: Partial<DoorcodeOptions> = {}): Promise<OtpFlow> {
  const doorcode = createDoorcode({
    baseUrl: stack.apiUrl,
    fetch: road.fetch,
    now: () => nowMs,
    timeOfDay: () => nowMs,
    tries: 1,
    ...options,
  });
  const flow = createOtpFlow({ doorcode });
  await flow.start();
  return flow;
}

async function askFor(flow: OtpFlow, number: string): Promise<void> {
  flow.typeNumber(number.slice(3));
  await flow.sendCode();
}

function inState<Tag extends OtpState['tag']>(flow: OtpFlow, tag: Tag): Extract<OtpState, { tag: Tag }> {
  const state = flow.state();
  expect(state.tag).toBe(tag);
  return state as Extract<OtpState, { tag: Tag }>;
}

const reasonOf = (flow: OtpFlow): string | undefined => {
  const state = flow.state();
  return 'refusal' in state ? state.refusal?.reason : undefined;
};

describe('a sign-in', () => {
  it('goes from the number to the token, and submits at the last digit', async () => {
    const number = freshNumber();
    const flow = await open();
    expect(flow.state()).toEqual({ tag: 'idle', number: '' });
    await askFor(flow, number);
    expect(inState(flow, 'enter-code').challenge.phoneNumber).toBe(number);
    const code = codeFor(stack, number);
    await flow.typeCode(code.slice(0, 5));
    expect(inState(flow, 'enter-code').code).toBe(code.slice(0, 5));
    await flow.typeCode(code);
    expect(inState(flow, 'signed-in').accessToken).toEqual(expect.any(String));
    await flow.restart();
    expect(flow.state()).toEqual({ tag: 'idle', number: '' });
  });

  it('takes a whole pasted SMS, and digits of another script', async () => {
    const number = freshNumber();
    const flow = await open();
    flow.typeNumber(number.slice(3).replace(/\d/g, (digit) => String.fromCharCode(0x0966 + Number(digit))));
    await flow.sendCode();
    await flow.typeCode(`Your OTP: ${codeFor(stack, number)}. Valid for 5 minutes.`);
    inState(flow, 'signed-in');
  });

  it('says what is wrong with a number or a code, without a call', async () => {
    const flow = await open();
    flow.typeNumber('12345');
    await flow.sendCode();
    expect(reasonOf(flow)).toBe('invalid-number');
    expect(road.calls).toEqual([]);
    await askFor(flow, freshNumber());
    await flow.typeCode('hello');
    expect(reasonOf(flow)).toBe('malformed-code');
    await flow.typeCode('12');
    await flow.submitCode();
    expect(reasonOf(flow)).toBe('malformed-code');
    expect(road.calls).toHaveLength(1);
  });

  it('empties the field after a wrong code, and says how many are left', async () => {
    const number = freshNumber();
    const flow = await open();
    await askFor(flow, number);
    await flow.typeCode(otherThan(codeFor(stack, number)));
    const { code, refusal } = inState(flow, 'enter-code');
    expect(code).toBe('');
    expect(refusal).toMatchObject({ reason: 'incorrect-code', attemptsRemaining: 4 });
    expect(english.notice(refusal ?? { reason: 'busy' })).toContain('4 attempts are left');
  });

  it('takes a double tap for one, on each button', async () => {
    const number = freshNumber();
    const flow = await open();
    flow.typeNumber(number.slice(3));
    await Promise.all([flow.sendCode(), flow.sendCode()]);
    expect(smsTo(stack, number)).toBe(1);
    const code = codeFor(stack, number);
    await Promise.all([flow.typeCode(code), flow.submitCode(), flow.typeCode(code)]);
    inState(flow, 'signed-in');
    expect(road.calls).toHaveLength(2);
  });
});

describe('going back', () => {
  it('and asking for the same number again finds the code that is on its way', async () => {
    const number = freshNumber();
    const flow = await open();
    await askFor(flow, number);
    flow.back();
    expect(inState(flow, 'idle').number).toBe(number.slice(3));
    await flow.sendCode();
    inState(flow, 'enter-code');
    expect([road.calls.length, smsTo(stack, number)]).toEqual([1, 1]);
    await flow.typeCode(codeFor(stack, number));
    inState(flow, 'signed-in');
  });

  it('and asking for another number asks for another code', async () => {
    const [first, second] = [freshNumber(), freshNumber()];
    const flow = await open();
    await askFor(flow, first);
    flow.back();
    await askFor(flow, second);
    expect([smsTo(stack, first), smsTo(stack, second)]).toEqual([1, 1]);
    expect(inState(flow, 'enter-code').challenge.phoneNumber).toBe(second);
  });
});

describe('a resend', () => {
  it('waits for its countdown, and then sends one SMS', async () => {
    const number = freshNumber();
    const flow = await open();
    await askFor(flow, number);
    await flow.resend();
    expect(road.calls).toHaveLength(1);
    nowMs += inState(flow, 'enter-code').countdown.resendInSeconds * 1000;
    stack.pool('request-otp').shiftClock(31);
    await Promise.all([flow.resend(), flow.resend()]);
    stack.pool('request-otp').shiftClock(0);
    expect(smsTo(stack, number)).toBe(2);
    expect(inState(flow, 'enter-code').isResending).toBe(false);
  });

  it('that is refused says how long to wait, and the code that came still works', async () => {
    const number = freshNumber();
    const flow = await open();
    await askFor(flow, number);
    // The phone's clock runs ahead of the server's.
    nowMs += 30_000;
    await flow.resend();
    const { refusal, countdown } = inState(flow, 'enter-code');
    expect(refusal?.reason).toBe('too-many-requests');
    await flow.typeCode(codeFor(stack, number));
    inState(flow, 'signed-in');
    expect(countdown).toBeDefined();
  });
});

describe('the countdown', () => {
  it('goes on while somebody looks, and a wait that is over is gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const number = freshNumber();
      const flow = await open();
      let changes = 0;
      const leave = flow.subscribe(() => {
        changes += 1;
      });
      await askFor(flow, number);
      const { countdown } = inState(flow, 'enter-code');
      nowMs += 3_000;
      vi.advanceTimersByTime(250);
      expect(inState(flow, 'enter-code').countdown.resendInSeconds).toBe(countdown.resendInSeconds - 3);
      const seen = changes;
      vi.advanceTimersByTime(1_000);
      expect(changes).toBe(seen);
      leave();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of a refused request ends with the refusal', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const number = freshNumber();
      const flow = await open();
      await askFor(flow, number);
      const other = await open();
      other.subscribe(() => undefined);
      await askFor(other, number);
      const { refusal } = inState(other, 'idle');
      expect(refusal?.reason).toBe('too-many-requests');
      const left = refusal?.until?.seconds ?? 0;
      nowMs += 2_000;
      vi.advanceTimersByTime(250);
      expect(inState(other, 'idle').refusal?.until?.seconds).toBe(left - 2);
      nowMs += left * 1000;
      vi.advanceTimersByTime(250);
      expect(inState(other, 'idle').refusal).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('bad conditions', () => {
  it.each([
    ['lose-request', 'offline', 'no second SMS'],
    ['lose-answer', 'offline', 'no second SMS'],
    ['gateway-503', 'busy', 'no second SMS'],
    ['captive-portal', 'captive-portal', 'log in'],
  ] as const)(
    '%s is told as %s, and the next tap sends what the first did not',
    async (mishap, reason, words) => {
      const number = freshNumber();
      const flow = await open();
      road.meet(mishap);
      await askFor(flow, number);
      const { refusal } = inState(flow, 'idle');
      expect(refusal?.reason).toBe(reason);
      expect(english.notice(refusal ?? { reason: 'unknown' })).toContain(words);
      await flow.sendCode();
      inState(flow, 'enter-code');
      expect(smsTo(stack, number)).toBe(1);
    },
  );

  it('a slow server is told as a timeout; the code typed stays, and the next tap signs in', async () => {
    const number = freshNumber();
    const flow = await open({ timeoutMs: 2_000 });
    await askFor(flow, number);
    road.meet('hang');
    const code = codeFor(stack, number);
    await flow.typeCode(code);
    expect(inState(flow, 'enter-code')).toMatchObject({ code, refusal: { reason: 'timeout' } });
    await flow.submitCode();
    inState(flow, 'signed-in');
  });

  it('a provider that does not answer is told honestly, and its code works', async () => {
    stack.provider.control({ fault: { name: 'hang-after', times: 1 } });
    const number = freshNumber();
    const flow = await open();
    await askFor(flow, number);
    expect(reasonOf(flow)).toBe('unconfirmed');
    await flow.typeCode(codeFor(stack, number));
    inState(flow, 'signed-in');
  });

  it('a provider that fails after it may have sent leads to the code, too', async () => {
    stack.provider.control({ fault: { name: 'html', times: 1 } });
    const flow = await open();
    await askFor(flow, freshNumber());
    expect(inState(flow, 'enter-code').refusal?.reason).toBe('unconfirmed');
  });

  it('an app killed between request and verify opens at the code', async () => {
    const number = freshNumber();
    const storage = memoryStorage();
    await askFor(await open({ storage }), number);
    nowMs = 50;
    const flow = await open({ storage });
    expect(inState(flow, 'enter-code')).toMatchObject({
      challenge: { phoneNumber: number },
      countdown: { expiresInSeconds: undefined },
    });
    expect(smsTo(stack, number)).toBe(1);
    await flow.typeCode(codeFor(stack, number));
    inState(flow, 'signed-in');
  });

  it('an app killed before the answer opens at the number, and the tap sends no second SMS', async () => {
    const number = freshNumber();
    const storage = memoryStorage();
    road.meet('lose-answer');
    await askFor(await open({ storage }), number);
    const flow = await open({ storage });
    expect(inState(flow, 'idle').number).toBe(number);
    await flow.sendCode();
    inState(flow, 'enter-code');
    expect(smsTo(stack, number)).toBe(1);
  });

  it('a screen that is made anew, as by a rotation, shows where the sign-in stands', async () => {
    const number = freshNumber();
    const storage = memoryStorage();
    const doorcode = createDoorcode({
      baseUrl: stack.apiUrl,
      fetch: road.fetch,
      now: () => nowMs,
      timeOfDay: () => nowMs,
      storage,
    });
    const before = createOtpFlow({ doorcode });
    await before.start();
    await askFor(before, number);
    const after = createOtpFlow({ doorcode });
    await after.start();
    expect(inState(after, 'enter-code').challenge.phoneNumber).toBe(number);
    expect(smsTo(stack, number)).toBe(1);
  });

  it('a code that has expired says so, and the next tap sends a new one', async () => {
    const number = freshNumber();
    const flow = await open();
    await askFor(flow, number);
    const code = codeFor(stack, number);
    for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(301);
    nowMs += 301_000;
    await flow.typeCode(code);
    expect(reasonOf(flow)).toBe('expired-code');
    await flow.resend();
    expect(smsTo(stack, number)).toBe(2);
    await flow.typeCode(codeFor(stack, number));
    inState(flow, 'signed-in');
    for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(0);
  });

  it('a server that is killed and comes back costs one SMS a tap, whatever step it is', async () => {
    const number = freshNumber();
    const flow = await open({ tries: 1 });
    road.meet('lose-request', 'lose-answer');
    await askFor(flow, number);
    await flow.sendCode();
    expect([reasonOf(flow), smsTo(stack, number)]).toEqual(['offline', 1]);
    await flow.sendCode();
    inState(flow, 'enter-code');
    road.meet('lose-request', 'lose-answer');
    const code = codeFor(stack, number);
    await flow.typeCode(code);
    expect(reasonOf(flow)).toBe('offline');
    await flow.submitCode();
    expect(inState(flow, 'enter-code').code).toBe(code);
    await flow.submitCode();
    inState(flow, 'signed-in');
    expect(smsTo(stack, number)).toBe(1);
  });
});
