/** An SMS that Android hands over: when it is taken, and when it waits for a tap. */
import { createDoorcode } from 'doorcode-client';
import { describe, expect, it } from 'vitest';
import { createOtpFlow, type OtpFlow, type OtpFlowOptions } from '../../../clients/react-native/src/flow.ts';
import { looksLikeOurs } from '../../../clients/react-native/src/our-sms.ts';
import { openPlainServer } from '../../support/misbehaving.ts';

const ours = '402961 is your Doorcode verification code. Do not share it.';
const banks = '402962 is the OTP for your txn of INR 5,000 at SHOP. Do not share it.';

/** A flow whose first answer gets lost after its SMS came. */
async function withLostAnswer() {
  const server = openPlainServer();
  let nowMs = 1_000;
  let isLost = true;
  let came = (): Promise<void> => Promise.resolve();
  const doorcode = createDoorcode({
    baseUrl: 'https://api.example.com',
    tries: 1,
    now: () => nowMs,
    timeOfDay: () => nowMs,
    fetch: async (url, init) => {
      await came();
      came = () => Promise.resolve();
      if (isLost) throw new TypeError('the answer got lost');
      return server.fetch(url, init);
    },
  });
  const flow = createOtpFlow({ doorcode });
  await flow.start();
  came = () => flow.receiveSms(ours);
  flow.typeNumber('9876543210');
  await flow.sendCode();
  expect(flow.state()).toMatchObject({ tag: 'idle', refusal: { reason: 'offline' } });
  isLost = false;
  return {
    flow,
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

/** A flow that has asked, and whose answer comes when `answer` is called. */
async function asking(options: Partial<OtpFlowOptions> = {}) {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const server = openPlainServer();
  const doorcode = createDoorcode({
    baseUrl: 'https://api.example.com',
    fetch: async (url, init) => {
      if (url.endsWith('request-otp')) await answered;
      return server.fetch(url, init);
    },
  });
  const flow = createOtpFlow({ doorcode, ...options });
  await flow.start();
  flow.typeNumber('9876543210');
  return { flow, sending: flow.sendCode(), answer, server };
}

async function atCode(options: Partial<OtpFlowOptions> = {}): Promise<OtpFlow> {
  const { flow, sending, answer } = await asking(options);
  answer();
  await sending;
  return flow;
}

describe('an SMS that looks like ours', () => {
  it('signs in, also when it came before the server’s answer', async () => {
    const { flow, sending, answer } = await asking();
    await flow.receiveSms(ours);
    expect(flow.state().tag).toBe('sending');
    answer();
    await sending;
    expect(flow.state().tag).toBe('signed-in');
  });

  it('is found among others that came before it', async () => {
    const { flow, sending, answer, server } = await asking();
    await flow.receiveSms('Your parcel 12345678 is here');
    await flow.receiveSms(banks);
    await flow.receiveSms(ours);
    answer();
    await sending;
    expect(flow.state().tag).toBe('signed-in');
    expect(server.calls).toHaveLength(2);
  });

  it('signs in at the next tap when it came and the answer got lost', async () => {
    const { flow } = await withLostAnswer();
    await flow.sendCode();
    expect(flow.state().tag).toBe('signed-in');
  });

  it('is not held for another number, nor for long', async () => {
    const { flow } = await withLostAnswer();
    flow.typeNumber('8765432109');
    await flow.sendCode();
    expect(flow.state()).toMatchObject({ tag: 'enter-code', code: '' });
    const late = await withLostAnswer();
    late.wait(301);
    await late.flow.sendCode();
    expect(late.flow.state()).toMatchObject({ tag: 'enter-code', code: '' });
  });

  it('that comes at the number screen is nobody’s', async () => {
    const flow = await atCode();
    flow.back();
    await flow.receiveSms(ours);
    await flow.sendCode();
    expect(flow.state()).toMatchObject({ tag: 'enter-code', code: '' });
  });

  it.each([ours, 'Your OTP is 402961', '<#> Your code: 402 961. FA+9qCX9VSu', '402961 आपका सत्यापन कोड है।'])(
    'is %j',
    (text) => {
      expect(looksLikeOurs(text, 6)).toBe(true);
    },
  );
});

describe('an SMS that does not', () => {
  it('is filled in, and waits for a tap', async () => {
    const flow = await atCode();
    await flow.receiveSms(banks);
    expect(flow.state()).toMatchObject({ tag: 'enter-code', code: '402962', refusal: undefined });
    await flow.submitCode();
    expect(flow.state().tag).toBe('signed-in');
  });

  it('is not looked at without a code, and changes nothing', async () => {
    const flow = await atCode();
    await flow.typeCode('12');
    await flow.receiveSms('See you at 5.');
    expect(flow.state()).toMatchObject({ tag: 'enter-code', code: '12', refusal: undefined });
  });

  it.each([
    banks,
    'Rs 500 debited from A/C XX1234. OTP 402961',
    '₹120 का भुगतान: कोड 402961',
    'Order 402961 has shipped',
    'Codes 402961 and 402962',
    '4029611 is your code',
  ])('is %j', (text) => {
    expect(looksLikeOurs(text, 6)).toBe(false);
  });

  it('is what the app says it is; an opinion that throws is none', async () => {
    const strict = await atCode({ isOurSms: (text) => text.startsWith('Acme') });
    await strict.receiveSms(ours);
    expect(strict.state().tag).toBe('enter-code');
    const broken = await atCode({
      isOurSms: () => {
        throw new Error('no opinion');
      },
    });
    await broken.receiveSms(ours);
    expect(broken.state()).toMatchObject({ tag: 'enter-code', code: '402961' });
  });
});
