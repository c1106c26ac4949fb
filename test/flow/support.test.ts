/** What support tells when a part does not answer, and how it reads what people type. */
import { type CloudWatchLogsClient, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { type MessageCode, messages } from '../../functions/runtime/message-codes.ts';
import { meanings } from '../../functions/runtime/message-meanings.ts';
import { messages as sessionMessages } from '../../functions/runtime/session-messages.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { holdsNumber, readCallName } from '../../functions/support/call-name.ts';
import { type ForgetPorts, forget, held } from '../../functions/support/forget.ts';
import { openSearch } from '../../functions/support/insights.ts';
import { readLogLine } from '../../functions/support/log-line.ts';
import { readQuestion } from '../../functions/support/question.ts';
import { queryOf } from '../../functions/support/search-log.ts';
import { type WhyPorts, why } from '../../functions/support/why.ts';
import type { NumberItems } from '../../functions/table/number-items.ts';

const now = 1_800_000_000;
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');
const call = { member: 'supportReference', value: 'K7MF29QX' } as const;

function line(code: string, more: object = {}, at = now - 90) {
  const message = {
    code,
    requestId: 'r',
    supportReference: call.value,
    status: 202,
    numberTag: 'tag',
    ...more,
  };
  const read = readLogLine(JSON.stringify({ timestamp: new Date(at * 1000).toISOString(), message }));
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
    expect(noLog.at(-1)).toMatch(/^Tell the user:/);
    const noTable = await why(ports({ readItems: fails('table') }), { call, phoneNumber });
    expect(noTable.join('\n')).toMatch(/has delivered it to the phone[\s\S]*^Now: the table cannot be read/m);
    const mute = { tag: 'not-told', because: 'no-answer' } as const;
    const noProvider = await why(ports({ askProvider: async () => mute }), { call });
    expect(noProvider.join('\n')).toContain('cannot be told, because the provider did not answer');
  });

  it('has at most ten lines where everything is known', async () => {
    const at = now - 60;
    const history = [
      line('verify-otp.verified', { status: 200 }, at),
      line('request-otp.provider-failed', { status: 503, retryAfterSeconds: 5, messageId: 'm' }),
    ];
    const items = { public: {}, device: {}, test: {} };
    const lines = await why(
      ports({
        searchLog: async ({ member }) => (member === 'numberTag' ? history : history.slice(1)),
        readItems: async () => items,
      }),
      { call, phoneNumber },
    );
    expect(lines.map((each) => each.split(/[:, ]/)[0])).toEqual([
      'K7MF29QX',
      'Decided',
      'Until',
      'SMS',
      'Then',
      'Now',
      'Now',
      'Now',
      'Do',
      'Tell',
    ]);
  });

  it.each([[undefined], [300]])(
    'does not tell a denied number from a limited one; wait %s',
    async (retryAfterSeconds) => {
      const told = async (code: string) => {
        const lines = await why(ports({ searchLog: async () => [line(code, { retryAfterSeconds })] }), {
          call,
        });
        return lines.at(-1);
      };
      expect(await told('request-otp.denied')).toBe(await told('request-otp.limited-by-sends'));
    },
  );

  it('does not tell a caller that a number is for tests', async () => {
    const lines = await why(ports({ searchLog: async () => [line('request-otp.test-number')] }), { call });
    expect(lines.at(-1)).not.toMatch(/is for tests|this number/i);
  });

  it('says no more of a number than its items do', async () => {
    const nowOf = async (items: NumberItems) => {
      const lines = await why(ports({ readItems: async () => items }), { call, phoneNumber });
      return lines.filter((each) => each.startsWith('Now'));
    };
    const none =
      'Now: the table holds no sends and no guesses of this number, so no limit of its own refuses it.';
    const test = /^Now: it was used as a test number.*npm run controls -- status/;
    expect(await nowOf({})).toEqual([none]);
    expect(await nowOf({ sessions: {} })).toEqual([none]);
    expect(await nowOf({ test: {} })).toEqual([expect.stringMatching(test)]);
    expect(await nowOf({ public: {}, test: {} })).toEqual([
      expect.stringContaining('an SMS can be asked for'),
      expect.stringMatching(test),
    ]);
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

  const sessionCodes = Object.keys(sessionMessages).filter((code) => code.startsWith('session.'));

  it.each(sessionCodes)('of a call to the routes of sessions does not speak of an SMS: %s', async (code) => {
    const lines = await why(ports({ searchLog: async () => [line(code, { status: 400 })] }), { call });
    expect(lines[0]).toMatch(/^K7MF29QX: the app /);
    expect(lines[1]).toContain(meanings[code as MessageCode]);
    expect(lines.at(-1)).not.toMatch(/send codes|the SMS/);
  });

  it.each([
    ['session.over', 'absent', /^Because: the session is not there any more/],
    ['session.over', 'idle', /^Because: .*sessions\.idleDays/],
    ['session.over', 'absolute', /^Because: .*sessions\.absoluteDays/],
    ['session.over', 'not-before', /^Because: .*sessions\.notBefore/],
    ['session.over', 'test-number', /^Because: .*test number/],
    ['session.reuse', 'reuse', /^Because: .*two places hold a copy/],
    ['session.forged', 'forged', /^Because: .*none of ours/],
    ['session.forged', 'unknown-key', /^Because: the session secret/],
  ])(
    'says why a refresh token is of no use: %s, %s; the user hears the same of all',
    async (code, reason, because) => {
      const lines = await why(ports({ searchLog: async () => [line(code, { status: 400, reason })] }), {
        call,
      });
      expect(lines.filter((each) => because.test(each))).toHaveLength(1);
      expect(lines.at(-1)).toMatch(
        /^Tell the user: “The app signed you out\. Sign in again with a new code\./,
      );
    },
  );

  it.each([
    ['session.unavailable', 'TimeoutError', 503],
    ['session.late', undefined, 503],
    ['session.denied', undefined, 403],
    ['session.over', 'older-generation', 400],
  ])('says that nobody was signed out by %s', async (code, reason, status) => {
    const lines = await why(ports({ searchLog: async () => [line(code, { status, reason })] }), { call });
    expect(lines.at(-1)).toMatch(/^Tell the user: “You are still signed in/);
  });

  it('finds the end of a session that is not there any more', async () => {
    const over = line('session.over', { status: 400, reason: 'absent' });
    const ends = [
      line('session.reuse', { status: 400 }, now - 30),
      over,
      line('session.listed', { status: 200 }, now - 100),
      line('session.ended-by-operator', { status: undefined, reason: '2' }, now - 120),
      line('session.revoked', { status: 200 }, now - 300),
    ];
    const searchLog: WhyPorts['searchLog'] = async ({ member }) => (member === 'numberTag' ? ends : [over]);
    const lines = await why(ports({ searchLog }), { call });
    expect(lines.filter((each) => each.startsWith('Before:'))).toEqual([
      expect.stringMatching(/Somebody ended all sessions of a number .*\(session\.ended-by-operator\)$/),
    ]);
    const idle = line('session.over', { status: 400, reason: 'idle' });
    const other = await why(ports({ searchLog: async () => [idle, ...ends.slice(2)] }), { call });
    expect(other.join()).not.toContain('Before:');
  });

  it('by the number alone tells of the newest call that went wrong: for an SMS, or of a session', async () => {
    const sms = line('request-otp.sent', {}, now - 50);
    const over = line('session.over', { status: 400, reason: 'idle' }, now - 40);
    const fine = line('session.listed', { status: 200 }, now - 30);
    const of = async (...lines: readonly ReturnType<typeof line>[]) =>
      (await why(ports({ searchLog: async () => lines }), { phoneNumber }))[1];
    expect(await of(fine, over, sms)).toContain('(session.over, reason idle, answer 400)');
    expect(await of(fine, sms)).toContain('(request-otp.sent, answer 202)');
    expect(
      await of(line('session.reuse', { status: 400 }, now - 60), line('verify-otp.incorrect')),
    ).toContain('session.reuse');
    expect(await of(fine)).toContain('(session.listed');
    const counts = await why(ports({ searchLog: async () => [fine, over, sms] }), { phoneNumber });
    expect(counts.join()).toContain('1 calls for an SMS, 1 SMS, 0 sign-ins');
  });

  it('says that a reference without a line may be of a refresh that worked', async () => {
    const lines = await why(ports({ searchLog: async () => [] }), { call });
    expect(lines[0]).toContain('a refresh that worked, which has no line');
  });

  it('says for an id that no function saw that the gateway answered', async () => {
    const asked = { member: 'requestId', value: 'JKJaXmPLvHcESHA=' } as const;
    const lines = await why(ports({ searchLog: async () => [] }), { call: asked });
    expect(lines[0]).toMatch(/the gateway answered it: 429 is its throttle/);
  });
});

describe('forget', () => {
  const of = (searchLog: ForgetPorts['searchLog'], hasSessions = true): ForgetPorts => ({
    now,
    hasSessions,
    days: 30,
    retentionDays: 400,
    numberTagOf: () => 'tag',
    searchLog,
    readItems: async () => ({}),
    deleteItems: async () => ({}),
  });
  const bounds =
    /last 30 days of request-otp, verify-otp and session\. Older lines, and lines of support, may have it too\. A line expires after 400 days\.$/;
  const boundsOff =
    /last 30 days of request-otp and verify-otp\. Older lines, and lines of session and support, may have it too\. A line expires after 400 days\.$/;

  it.each([held, forget])('says what was searched, and never that no log has the tag', async (asked) => {
    const [, none] = await asked(
      of(async () => []),
      phoneNumber,
    );
    expect(none).toMatch(/^Logs: no line with the tag of this number in the last 30 days/);
    expect(none).toMatch(bounds);
    const [, one] = await asked(
      of(async () => [line('request-otp.sent')]),
      phoneNumber,
    );
    expect(one).toMatch(/^Logs: lines with the tag of this number, which is not the number: 1\./);
    expect(one).toMatch(bounds);
  });

  it.each([held, forget])(
    'says where sessions are off what it cannot delete, and until when',
    async (asked) => {
      const [table, stays, logs, ...rest] = await asked(
        of(async () => [], false),
        phoneNumber,
      );
      expect([table, rest]).toEqual(['Table: nothing of this number.', []]);
      // The longest idle time that the settings take, and a day: 365 days after 15 January 2027.
      expect(stays).toBe(
        'Stays: sessions of this number from a time when sessions were on (sessions#…), if there were any. Sessions are off, so nobody has a right to read or delete them. Their ttl ends by 15 Jan 2028 at the latest, and DynamoDB deletes them within a few days of it.',
      );
      expect(logs).toMatch(boundsOff);
      const on = await asked(
        of(async () => []),
        phoneNumber,
      );
      expect(on.join()).not.toContain('Stays');
    },
  );
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
    `IN+91${9_876_500_000}`,
    `tel-${9_876_500_000}`,
    `m${9_876_500_000}`,
    `${9_876_500_000}x`,
    `tel-${98_765}-${43_210}`,
    `a=${98_765}_${43_210}`,
  ])('is no number, which the log would keep: %s', (typed) => {
    expect(readCallName(typed)).toBeUndefined();
    expect(holdsNumber(typed)).toBe(true);
  });

  it('may be a UUID with many digits', () => {
    const value = '11111111-1111-4111-8111-111111111111';
    expect(holdsNumber(value)).toBe(false);
    expect(readCallName(value)).toBeUndefined();
    const id = value.replace('8', 'a');
    expect(readCallName(id)).toEqual({ member: 'requestId', value: id });
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

describe('a search', () => {
  it('ends with the question, however long a search may take', async () => {
    const question = new AbortController();
    const client = {
      send: async (command: unknown) => {
        if (command instanceof StartQueryCommand) return { queryId: 'q' };
        question.abort();
        return { status: 'Running' };
      },
    } as unknown as CloudWatchLogsClient;
    const searching = { client, logGroupNames: ['a'], from: now - 60, to: now };
    const search = openSearch({ ...searching, signal: question.signal, patienceMs: 3_600_000 });
    await expect(search(call)).rejects.toThrow('log: AbortError');
  });
});

describe('a query', () => {
  it('cannot be ended by a value', () => {
    expect(() => queryOf({ member: 'requestId', value: 'x" | fields @message' })).toThrow(RangeError);
    expect(queryOf(call)).toContain('filter message.supportReference = "K7MF29QX"');
  });
});
