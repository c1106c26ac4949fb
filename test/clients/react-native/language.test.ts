/** The language that the flow asks the SMS in: the one of the moment, in no part of what is asked. */
import { createDoorcode } from 'doorcode-client';
import { describe, expect, it } from 'vitest';
import { createOtpFlow } from '../../../clients/react-native/src/flow.ts';
import { answerNamed } from '../contract/contract.ts';

/** A flow at the number, and what it sent: the key and the language of each request. */
async function openFlow(locale?: () => string | undefined) {
  const sent: { key: string | null; locale: unknown }[] = [];
  let answer = answerNamed('no connection');
  let nowMs = 1_000;
  const doorcode = createDoorcode({
    baseUrl: 'https://api.example.com',
    tries: 1,
    now: () => nowMs,
    fetch: async (_, { headers, body }) => {
      sent.push({ key: new Headers(headers).get('idempotency-key'), locale: JSON.parse(body).locale });
      if (answer.fails) throw new TypeError('Network request failed');
      return Response.json(answer.body, { status: answer.status ?? 200 });
    },
  });
  const flow = createOtpFlow({ doorcode, locale });
  await flow.start();
  flow.typeNumber('9876543210');
  return {
    flow,
    sent,
    meets: (name: string) => {
      answer = answerNamed(name);
    },
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

describe('the language of the SMS', () => {
  it('follows the screens, also at the resend, and asks for nothing new by it', async () => {
    let locale = 'en';
    const { flow, sent, meets, wait } = await openFlow(() => locale);
    await flow.sendCode();
    locale = 'hi';
    meets('sent');
    await flow.sendCode();
    expect(flow.state().tag).toBe('enter-code');
    expect(sent.map((call) => call.locale)).toEqual(['en', 'hi']);
    expect(sent[1]?.key).toBe(sent[0]?.key);
    locale = 'hi_IN';
    wait(31);
    await flow.resend();
    expect(sent[2]?.locale).toBe('hi-IN');
    expect(sent[2]?.key).not.toBe(sent[0]?.key);
  });

  it('is left out where nobody names one, or names none', async () => {
    for (const locale of [undefined, () => undefined, () => 'none']) {
      const { flow, sent, meets } = await openFlow(locale);
      meets('sent');
      await flow.sendCode();
      expect(flow.state().tag).toBe('enter-code');
      expect(sent).toEqual([{ key: expect.any(String), locale: undefined }]);
    }
  });

  it('that cannot be told ends in a state that can be left', async () => {
    const { flow, sent } = await openFlow(() => {
      throw new Error('no language');
    });
    await flow.sendCode();
    expect(flow.state()).toMatchObject({ tag: 'idle', refusal: { reason: 'app-fault' } });
    expect(sent).toEqual([]);
  });
});
