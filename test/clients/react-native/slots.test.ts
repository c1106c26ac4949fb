/** The flow beside other flows, other numbers and a phone that sleeps: nothing of one stands in for another. */
import { createDoorcode, memoryStorage } from 'doorcode-client';
import { describe, expect, it, vi } from 'vitest';
import { createOtpFlow, type OtpFlow, type OtpFlowOptions } from '../../../clients/react-native/src/flow.ts';
import { answerNamed, type ContractAnswer } from '../contract/contract.ts';

/** An app on one storage, whose server answers as `meets` says. */
function openApp() {
  const storage = memoryStorage();
  let monotonicMs = 1_000;
  let wallMs = 1_790_000_000_000;
  let answer: ContractAnswer = answerNamed('sent');
  const paths: string[] = [];
  const open = () =>
    createDoorcode({
      baseUrl: 'https://api.example.com',
      storage,
      tries: 1,
      now: () => monotonicMs,
      timeOfDay: () => wallMs,
      fetch: async (url) => {
        paths.push(new URL(url).pathname);
        if (answer.fails) throw new TypeError('Network request failed');
        return Response.json(answer.body, { status: answer.status ?? 200 });
      },
    });
  let doorcode = open();
  const flow = async (options: Omit<OtpFlowOptions, 'doorcode'> = {}): Promise<OtpFlow> => {
    const started = createOtpFlow({ doorcode, ...options });
    await started.start();
    return started;
  };
  return {
    flow,
    paths,
    token: () => doorcode.accessToken(),
    meets: (name: string) => {
      answer = answerNamed(name);
    },
    kill: () => {
      monotonicMs = 50;
      doorcode = open();
    },
    sleep: (seconds: number) => {
      wallMs += seconds * 1000;
    },
  };
}

async function ask(flow: OtpFlow, number = '9876543210'): Promise<void> {
  flow.typeNumber(number);
  await flow.sendCode();
}

const payment = { purpose: 'payment', context: { rupees: 120 } };

describe('an app killed during an approval', () => {
  it('opens sign-in at the number, and the approval at its code', async () => {
    const app = openApp();
    await ask(await app.flow(payment));
    app.kill();
    expect((await app.flow()).state()).toEqual({ tag: 'idle', number: '' });
    expect((await app.flow({ ...payment, context: { rupees: 9_000 } })).state().tag).toBe('idle');
    expect((await app.flow(payment)).state().tag).toBe('enter-code');
  });

  it('never hands its token to the sign-in', async () => {
    const app = openApp();
    const signIn = await app.flow();
    await ask(signIn);
    app.meets('signed in');
    await signIn.typeCode('123456');
    app.meets('sent again');
    const approval = await app.flow(payment);
    await ask(approval);
    app.meets('approved');
    await approval.typeCode('123456');
    expect(approval.state()).toMatchObject({ tag: 'signed-in', accessToken: 'payment-token' });
    expect(await app.token()).toBe('session-token');
  });
});

describe('two numbers by turns', () => {
  it('find their own codes again, without another SMS', async () => {
    const app = openApp();
    const flow = await app.flow();
    await ask(flow);
    flow.back();
    app.meets('sent again');
    await ask(flow, '8765432109');
    flow.back();
    await ask(flow);
    expect(flow.state()).toMatchObject({ tag: 'enter-code', challenge: { requestId: 'r-1' } });
    expect(app.paths).toHaveLength(2);
  });
});

describe('a phone that slept', () => {
  it('for longer than a wait asks again at the first tap, and shows the wait no more', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const app = openApp();
      const flow = await app.flow();
      flow.subscribe(() => undefined);
      app.meets('too many requests');
      await ask(flow);
      expect(flow.state()).toMatchObject({
        refusal: { reason: 'too-many-requests', until: { seconds: 3600 } },
      });
      app.sleep(7_200);
      vi.advanceTimersByTime(250);
      expect(flow.state()).toMatchObject({ tag: 'idle', refusal: undefined });
      app.meets('sent');
      await flow.sendCode();
      expect(flow.state().tag).toBe('enter-code');
    } finally {
      vi.useRealTimers();
    }
  });

  it('until the code had expired may still type it, or send a new one', async () => {
    const app = openApp();
    const flow = await app.flow();
    await ask(flow);
    app.sleep(3_600);
    await flow.resend();
    expect(app.paths).toHaveLength(2);
    flow.back();
    app.sleep(3_600);
    await flow.sendCode();
    expect(app.paths).toHaveLength(3);
  });

  it('over night opens at the number, and the tap makes a call', async () => {
    const app = openApp();
    await ask(await app.flow());
    app.kill();
    app.sleep(86_400);
    const flow = await app.flow();
    expect(flow.state()).toEqual({ tag: 'idle', number: '' });
    await ask(flow);
    expect(app.paths).toHaveLength(2);
  });
});
