/** What support tells when a part does not answer, and how it reads what people type. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { messages } from '../../functions/runtime/message-codes.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { readCallName } from '../../functions/support/call-name.ts';
import { readLogLine } from '../../functions/support/log-line.ts';
import { readQuestion } from '../../functions/support/question.ts';
import { queryOf } from '../../functions/support/search-log.ts';
import { type WhyPorts, why } from '../../functions/support/why.ts';

const now = 1_800_000_000;
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');
const call = { member: 'supportReference', value: 'K7MF29QX' } as const;

function line(code: string, more: object = {}) {
  const message = {
    code,
    requestId: 'r',
    supportReference: call.value,
    status: 202,
    numberTag: 'tag',
    ...more,
  };
  const read = readLogLine(JSON.stringify({ timestamp: new Date((now - 90) * 1000).toISOString(), message }));
  if (read === undefined) throw new Error('no line');
  return read;
}

function ports(more: Partial<WhyPorts> = {}): WhyPorts {
  return {
    settings: parseSettings({ appName: 'Doorcode', audience: 'app' }),
    now,
    days: 3,
    numberTagOf: () => 'tag',
    searchLog: async () => [line('request-otp.sent', { messageId: 'message-1' })],
    readItems: async () => ({}),
    askProvider: async () => ({ tag: 'told', status: 'delivered' }),
    ...more,
  };
}

const fails = (dependency: string) => async (): Promise<never> => {
  throw new Unavailable(dependency, 'TimeoutError');
};

describe('why', () => {
  it.each(Object.keys(messages))(
    'has at most ten lines, and a sentence for the user, for %s',
    async (code) => {
      const lines = await why(ports({ searchLog: async () => [line(code, { retryAfterSeconds: 300 })] }), {
        call,
        phoneNumber,
      });
      expect(lines.length).toBeLessThanOrEqual(10);
      expect(lines.at(-1)).toMatch(/^Tell the user: “[^“”]{10,}”$/);
      expect(lines.join()).not.toMatch(/undefined|NaN|Invalid/);
    },
  );

  it('tells the rest where the log, the table or the provider does not answer', async () => {
    const noLog = await why(ports({ searchLog: fails('log') }), { call, phoneNumber });
    expect(noLog.join('\n')).toMatch(/^Log: it cannot be read now \(TimeoutError\)/);
    const noTable = await why(ports({ readItems: fails('table') }), { call, phoneNumber });
    expect(noTable.join('\n')).toMatch(/has delivered it to the phone[\s\S]*^Now: the table cannot be read/m);
    const mute = { tag: 'not-told', because: 'no-answer' } as const;
    const noProvider = await why(ports({ askProvider: async () => mute }), { call });
    expect(noProvider.join('\n')).toContain('cannot be told, because the provider did not answer');
  });

  it('does not hide a bug', async () => {
    const searchLog = async (): Promise<never> => {
      throw new TypeError('a bug');
    };
    await expect(why(ports({ searchLog }), { call })).rejects.toThrow('a bug');
  });

  it('asks the provider about the SMS that a repeated call got the answer of', async () => {
    const asked: string[] = [];
    const lines = [line('request-otp.replayed'), line('request-otp.sent', { messageId: 'message-1' })];
    const askProvider: WhyPorts['askProvider'] = async (id) => {
      asked.push(id);
      return { tag: 'told', status: 'sent' };
    };
    await why(ports({ searchLog: async () => lines, askProvider }), { call });
    expect(asked).toEqual(['message-1']);
  });

  it('says for an id that no function saw that the gateway answered', async () => {
    const asked = { member: 'requestId', value: 'JKJaXmPLvHcESHA=' } as const;
    const lines = await why(ports({ searchLog: async () => [] }), { call: asked });
    expect(lines[0]).toMatch(/the gateway answered it: 429 is its throttle/);
  });
});

describe('a reference', () => {
  it.each([
    ['as it is', 'K7MF29QX'],
    ['in small letters', 'k7mf29qx'],
    ['in two groups', 'K7MF 29QX'],
    ['with a dash', ' k7mf-29qx '],
  ])('is read %s', (_, typed) => {
    expect(readCallName(typed)).toEqual(call);
  });

  it('is read with the look-alikes that it cannot have', () => {
    expect(readCallName('BGSUZ222')?.value).toBe('865V2222');
  });

  it.each(['JKJaXmPLvHcESHA=', 'dGVzdC1yZXF1ZXN0LQ=='])('may be the gateway’s id %s', (typed) => {
    expect(readCallName(typed)).toEqual({ member: 'requestId', value: typed });
  });

  it.each(['', 'K7MF29Q', 'K7MF29Q1', '"or"1"="1"', 'a'.repeat(65), 'id with space'])(
    'is not %j',
    (typed) => {
      expect(readCallName(typed)).toBeUndefined();
    },
  );

  it.each([
    (9_876_500_000).toString(),
    `+91${9_876_500_000}`,
    `0091${9_876_500_000}`,
    `${98_765}-${43_210}`,
    `+91/${98_765}/${43_210}`,
  ])('is no number, which the log would keep: %s', (typed) => {
    expect(readCallName(typed)).toBeUndefined();
  });
});

describe('a question', () => {
  const asks = { ask: 'why', call: 'K7MF29QX', askedBy: 'me' };
  it('is read with its default', () => {
    expect(readQuestion(asks)).toEqual({ ask: 'why', call, days: 3, askedBy: 'me' });
  });

  it.each([
    ['nothing asked about', { ...asks, call: undefined }],
    ['a reference that is none', { ...asks, call: 'K7' }],
    ['nobody who asks', { ...asks, askedBy: undefined }],
    ['a year', { ...asks, days: 365 }],
    ['another member', { ...asks, delete: true }],
    ['forgetting nobody', { ask: 'forget', askedBy: 'me' }],
    ['a number in another spelling', { ask: 'forget', phoneNumber: '9876543210', askedBy: 'me' }],
    ['a gateway event', { version: '2.0', rawPath: '/', body: JSON.stringify(asks) }],
    ['a string', 'why'],
  ])('with %s is refused, without a word of it', (_, event) => {
    expect(() => readQuestion(event)).toThrow(/^This is no question that support answers\.$/);
  });
});

describe('a query', () => {
  it('cannot be ended by a value', () => {
    expect(() => queryOf({ member: 'requestId', value: 'x" | fields @message' })).toThrow(RangeError);
    expect(queryOf(call)).toContain('filter message.supportReference = "K7MF29QX"');
  });
});
