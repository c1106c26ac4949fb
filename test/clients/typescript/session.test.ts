/**
 * A session on a phone (R9, row 16): nothing signs it out but a sign-out, `invalid_grant` for the token that is stored, and
 * the server's own ends; and what the user ended reaches the server.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  endSessions,
  listSessions,
  openApiFetch,
  readAccessToken,
  signOutEverywhere,
} from '../../../clients/typescript/src/index.ts';
import { openSessionPhone, type SessionPhone } from './session-phone.ts';

/** Lets what runs alongside end. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

const refreshes = ({ server }: SessionPhone): number => server.callsTo('/auth/token').length;

describe('a sign-in', () => {
  it.each(['', '   ', '\u202e\u200b', 'रेडमी', '\t\n'])(
    'has no label of nothing that the server takes: %j',
    async (label) => {
      const phone = openSessionPhone({ label });
      await phone.signIn();
      expect(JSON.parse(phone.server.callsTo('/auth/verify-otp')[0]?.body ?? '').session).toEqual({});
    },
  );

  it('asks for a session, with the label in the server’s characters, and keeps one record', async () => {
    const phone = openSessionPhone({ label: 'Asha’s phone: रेडमी 12, the blue one' });
    const accessToken = await phone.signIn();
    expect(JSON.parse(phone.server.callsTo('/auth/verify-otp')[0]?.body ?? '').session.label).toMatch(
      /^[A-Za-z0-9 ._-]{1,24}$/,
    );
    expect(phone.record()).toMatchObject({ accessToken, refreshToken: expect.stringMatching(/^.{96}$/) });
    expect(phone.record()?.attempt).toMatch(/^[!-~]{16,64}$/);
    expect(await phone.session().check()).toBe('signed-in');
  });

  it('without a session gives a token that lives until it is over', async () => {
    const phone = openSessionPhone();
    phone.server.starts = 'none';
    const accessToken = await phone.signIn();
    expect(await phone.session().accessToken()).toBe(accessToken);
    phone.wait(3_590);
    expect(await phone.session().access()).toEqual({ tag: 'token', accessToken });
    expect(await phone.session().access(accessToken)).toEqual({ tag: 'token', accessToken });
    phone.wait(20);
    expect(await phone.session().access()).toEqual({ tag: 'signed-out' });
    expect(phone.server.callsTo('/auth/token')).toHaveLength(0);
  });

  it('whose session has an unknown outcome asks again with the same key, thrice, and keeps the token', async () => {
    const phone = openSessionPhone();
    phone.server.starts = 'unknown';
    const accessToken = await phone.signIn();
    expect(phone.server.callsTo('/auth/verify-otp')).toHaveLength(4);
    expect(await phone.session().accessToken()).toBe(accessToken);
  });

  it('gets its session at the second time of asking, if the first had an unknown outcome', async () => {
    const phone = openSessionPhone();
    phone.server.starts = 'unknown';
    phone.server.unknownStarts = 1;
    await phone.signIn();
    expect(phone.server.callsTo('/auth/verify-otp')).toHaveLength(2);
    expect(phone.record()?.refreshToken).not.toBe('');
    expect(phone.server.sessions.size).toBe(1);
  });

  it('tells how many other sessions the number has, and ends the session it replaces on this phone', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    const [first] = phone.server.sessions.keys();
    const asked = await phone.session().requestOtp({ phoneNumber: '+919876543210' });
    if (asked.tag !== 'sent') throw new Error(asked.tag);
    expect(await phone.session().verifyOtp(asked.challenge, '123456')).toMatchObject({ otherSessions: 1 });
    await settle();
    expect(phone.server.sessions.size).toBe(1);
    expect(phone.server.sessions.has(first ?? '')).toBe(false);
    expect(phone.stored.has('doorcode.revoke')).toBe(false);
  });

  it('that the storage refuses serves this run, and stays signed in once the storage takes it', async () => {
    const phone = openSessionPhone();
    phone.storage = 'writes fail';
    const accessToken = await phone.signIn();
    expect(await phone.session().accessToken()).toBe(accessToken);
    expect(phone.record()).toBeUndefined();
    phone.storage = 'good';
    expect(await phone.session().accessToken()).toBe(accessToken);
    phone.restart();
    expect(await phone.session().accessToken()).toBe(accessToken);
    expect(refreshes(phone)).toBe(0);
  });
});

describe('an access token', () => {
  it('is given as it is before 70 % of its life, alongside a refresh at 80 %, and new past it', async () => {
    const phone = openSessionPhone();
    const first = await phone.signIn();
    phone.wait(629);
    expect(await phone.session().accessToken()).toBe(first);
    await settle();
    expect(refreshes(phone)).toBe(0);
    phone.wait(92);
    expect(await phone.session().accessToken()).toBe(first);
    await settle();
    expect(refreshes(phone)).toBe(1);
    const second = await phone.session().accessToken();
    expect(second).not.toBe(first);
    phone.wait(901);
    const third = await phone.session().accessToken();
    expect(third).not.toBe(second);
    expect(phone.server.accepts(third ?? '')).toBe(true);
  });

  it('is refreshed once for callers at once', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => phone.session().accessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(refreshes(phone)).toBe(1);
  });

  it('comes from a form with the token and the attempt of the record', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    const { refreshToken, attempt } = phone.record() ?? {};
    phone.wait(901);
    await phone.session().accessToken();
    const [call] = phone.server.callsTo('/auth/token');
    expect(call?.type).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      attempt,
    });
    expect(phone.record()?.attempt).not.toBe(attempt);
  });

  it('is there after a restart, after an hour and after forty days, and the clock may jump', async () => {
    const phone = openSessionPhone();
    const first = await phone.signIn();
    phone.restart();
    expect(await phone.session().accessToken()).toBe(first);
    phone.wait(3_600);
    phone.restart();
    expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
    phone.wait(40 * 86_400);
    expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
    for (const days of [40, -80, 39]) {
      phone.setClock(days * 86_400);
      expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
      phone.restart();
      expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
    }
    expect(await phone.session().check()).toBe('signed-in');
  });

  it('that this run has just got is not refreshed, however a clock jumps', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    await phone.session().accessToken();
    phone.setClock(-3_600);
    await phone.session().accessToken();
    phone.wait(100);
    await phone.session().accessToken();
    expect(refreshes(phone)).toBe(1);
  });

  it('that an earlier run has just got is not refreshed after a 401, because a request of that run may still arrive', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    const refused = await phone.session().accessToken();
    phone.wait(60);
    phone.restart();
    expect(await phone.session().access(refused)).toEqual({ tag: 'token', accessToken: refused });
    expect(refreshes(phone)).toBe(1);
    phone.wait(61);
    expect(await phone.session().access(refused)).not.toEqual({ tag: 'token', accessToken: refused });
    expect(refreshes(phone)).toBe(2);
  });

  it('that was over when it came is refreshed again at once', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    phone.server.meet('answer lost', 'answer lost', 'answer lost');
    expect(await phone.session().access()).toEqual({ tag: 'offline' });
    phone.wait(5_000);
    const accessToken = await phone.session().accessToken();
    expect(phone.server.accepts(accessToken ?? '')).toBe(true);
    expect(phone.server.sessions.size).toBe(1);
  });
});

describe('nothing but invalid_grant signs out', () => {
  const answers = [
    ['a log-in page', { status: 200, text: '<html>Welcome</html>' }],
    ['JSON of somebody else', { status: 200, text: '{"ok":true}' }],
    ['half of the members', { status: 200, text: '{"access_token":"a","expires_in":900}' }],
    ['no lifetime', { status: 200, text: '{"access_token":"a","refresh_token":"r"}' }],
    ['an empty success', { status: 200, text: '' }],
    ['an answer cut off', { status: 200, text: '{"access_token":"a","refr' }],
    ['401', { status: 401, text: '{"error":"invalid_token"}' }],
    ['invalid_grant with another status', { status: 401, text: '{"error":"invalid_grant"}' }],
    ['403, a denied number', { status: 403, text: '{"type":"urn:doorcode:forbidden"}' }],
    ['403 of a distribution', { status: 403, text: '<HTML>ERROR</HTML>' }],
    ['404', { status: 404, text: '{"message":"Not Found"}' }],
    ['another refusal of OAuth', { status: 400, text: '{"error":"invalid_client"}' }],
    ['a 400 of a proxy', { status: 400, text: 'Bad Request' }],
    ['429', { status: 429, text: '{"message":"Too Many Requests"}' }],
    ['500', { status: 500, text: '{"type":"urn:doorcode:internal-error"}' }],
    ['502', { status: 502, text: '<html>Bad gateway</html>' }],
    ['503', { status: 503, text: '{"type":"urn:doorcode:temporarily-unavailable","retryAfterSeconds":1}' }],
    ['no connection', 'unreached'],
    ['a lost answer', 'answer lost'],
    ['no answer', 'hangs'],
  ] as const;
  it.each(answers)('%s', async (_, fault) => {
    const phone = openSessionPhone();
    await phone.signIn();
    const before = phone.record();
    phone.wait(901);
    phone.server.meet(fault, fault, fault);
    const reached = await phone.session().access();
    expect(['token', 'signed-out']).not.toContain(reached.tag);
    expect(phone.record()).toEqual(before);
    expect(await phone.session().check()).toBe('signed-in');
    phone.wait(5);
    phone.server.meet();
    while ((await phone.session().access()).tag !== 'token') phone.wait(5);
    expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
    expect(phone.server.sessions.size).toBe(1);
  });

  it('makes no call while a wait that the server named runs', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    phone.server.meet({
      status: 503,
      text: '{"type":"urn:doorcode:temporarily-unavailable","retryAfterSeconds":30}',
    });
    expect((await phone.session().access()).tag).toBe('unavailable');
    phone.wait(29);
    expect((await phone.session().access()).tag).toBe('unavailable');
    expect(refreshes(phone)).toBe(1);
    phone.wait(2);
    expect((await phone.session().access()).tag).toBe('token');
  });

  it('invalid_grant forgets the record and tells the listeners', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.server.sessions.clear();
    const states: string[] = [];
    phone.session().subscribe(() => states.push(phone.session().state()));
    phone.wait(901);
    expect(await phone.session().access()).toEqual({ tag: 'signed-out' });
    expect(phone.record()).toBeUndefined();
    expect(states).toEqual(['signed-out']);
  });

  it('invalid_grant for a token that another context has replaced meanwhile counts for nothing', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    const own = phone.server.fetch;
    let isFirst = true;
    const moved = JSON.stringify({
      ...phone.record(),
      refreshToken: 'moved',
      accessToken: 'moved too',
      life: { fromMs: 1_790_000_901_000, dueMs: 700_000, overMs: 900_000 },
    });
    const session = phone.open({
      fetch: async (url, init) => {
        if (!url.endsWith('/auth/token') || !isFirst) return own(url, init);
        isFirst = false;
        phone.stored.set('doorcode.session', moved);
        return Response.json({ error: 'invalid_grant' }, { status: 400 });
      },
    });
    expect(await session.access()).toEqual({ tag: 'token', accessToken: 'moved too' });
    expect(phone.stored.get('doorcode.session')).toBe(moved);
  });
});

describe('a storage', () => {
  it.each(['reads fail', 'locked'] as const)(
    'that is like this is unknown, and asked again: %s',
    async (how) => {
      const phone = openSessionPhone();
      await phone.signIn();
      phone.restart();
      phone.storage = how;
      expect(await phone.session().check()).toBe('unknown');
      expect(await phone.session().access()).toEqual({ tag: 'unknown' });
      expect(await phone.session().accessToken()).toBeUndefined();
      phone.storage = 'good';
      expect(await phone.session().check()).toBe('signed-in');
      expect(await phone.session().accessToken()).toBeDefined();
    },
  );

  it('that is empty and takes a write has no session', async () => {
    const phone = openSessionPhone();
    expect(phone.session().state()).toBe('unknown');
    expect(await phone.session().check()).toBe('signed-out');
  });

  it('that is unlocked between the read and the write has a session', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    const record = phone.stored.get('doorcode.session') ?? null;
    let reads = 0;
    const session = phone.open({
      storage: {
        read: async (key) => {
          if (key !== 'doorcode.session') return null;
          reads += 1;
          return reads === 1 ? null : record;
        },
        write: async () => undefined,
      },
    });
    expect(await session.check()).toBe('signed-in');
  });

  it('with junk in it has no session', async () => {
    for (const junk of [
      '',
      '{',
      '[]',
      '"x"',
      '{"accessToken":7}',
      '{"refreshToken":"r"}',
      '{"accessToken":"a","life":7}',
    ]) {
      const phone = openSessionPhone();
      phone.stored.set('doorcode.session', junk);
      expect(await phone.session().check()).toBe('signed-out');
    }
  });

  it.each(['writes fail', 'writes land but fail'] as const)(
    'when %s in a refresh: the token and its attempt stay or move together, for weeks',
    async (how) => {
      const phone = openSessionPhone();
      await phone.signIn();
      for (let hours = 0; hours < 48; hours += 1) {
        phone.storage = hours % 3 === 2 ? 'good' : how;
        phone.wait(3_600);
        const reached = await phone.session().access();
        if (reached.tag === 'token') expect(phone.server.accepts(reached.accessToken)).toBe(true);
        else expect(reached.tag).toBe('unknown');
        if (hours % 5 === 0) phone.restart();
      }
      phone.storage = 'good';
      expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
      expect(phone.server.sessions.size).toBe(1);
    },
  );

  it('that hangs ends each call in time, and no late write lands on a newer one', async () => {
    vi.useFakeTimers();
    try {
      const phone = openSessionPhone();
      const session = phone.open({
        storage: { read: () => new Promise(() => undefined), write: async () => undefined },
      });
      const reached = session.access();
      await vi.advanceTimersByTimeAsync(2_001);
      expect(await reached).toEqual({ tag: 'unknown' });
      expect(await session.check()).toBe('unknown');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a second context', () => {
  it('on the same record uses what the first has refreshed', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    const other = phone.open();
    phone.wait(901);
    const [one, two] = await Promise.all([phone.session().accessToken(), other.accessToken()]);
    expect(one).toBe(two);
    expect(refreshes(phone)).toBe(1);
  });

  it('that answers first wins: the late answer of the first counts for nothing', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    await phone.session().accessToken();
    const { refreshToken } = phone.record() ?? {};
    const late = phone.open();
    phone.wait(901);
    await late.accessToken();
    expect(phone.record()?.refreshToken).not.toBe(refreshToken);
    phone.wait(901);
    expect(phone.server.accepts((await phone.session().accessToken()) ?? '')).toBe(true);
  });

  it('that signs out during a refresh of the first is not undone', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    const session = phone.open({
      fetch: async (url, init) => {
        const answer = await phone.server.fetch(url, init);
        if (url.endsWith('/auth/token')) phone.stored.delete('doorcode.session');
        return answer;
      },
    });
    expect(await session.access()).toEqual({ tag: 'signed-out' });
    expect(phone.record()).toBeUndefined();
  });

  it('in a process without the lock reads the token, and changes nothing', async () => {
    const phone = openSessionPhone();
    const first = await phone.signIn();
    const read = () => readAccessToken(phone.storagePort, () => phone.wallMs());
    expect(await read()).toBe(first);
    phone.wait(800);
    expect(await read()).toBe(first);
    phone.wait(200);
    const before = new Map(phone.stored);
    expect(await read()).toBeUndefined();
    phone.storage = 'reads fail';
    expect(await read()).toBeUndefined();
    expect(phone.stored).toEqual(before);
    expect(refreshes(phone)).toBe(0);
  });
});

describe('a sign-out', () => {
  it('forgets at once and reaches the server', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    expect(await phone.session().signOut()).toBe(true);
    expect(phone.record()).toBeUndefined();
    expect(phone.session().state()).toBe('signed-out');
    await settle();
    expect(phone.server.sessions.size).toBe(0);
    expect(phone.stored.has('doorcode.revoke')).toBe(false);
  });

  it('without a network reaches the server at the next start, and not before 200', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.server.meet('unreached');
    expect(await phone.session().signOut()).toBe(true);
    await settle();
    expect(phone.server.sessions.size).toBe(1);
    for (const fault of [
      'unreached',
      { status: 503, text: '{"type":"urn:doorcode:temporarily-unavailable"}' },
      { status: 200, text: '<html>Welcome</html>' },
    ] as const) {
      phone.restart();
      phone.server.meet(fault);
      expect(await phone.session().accessToken()).toBeUndefined();
      await settle();
      expect(phone.server.sessions.size).toBe(1);
    }
    phone.restart();
    expect(await phone.session().accessToken()).toBeUndefined();
    await settle();
    expect(phone.server.sessions.size).toBe(0);
    expect(phone.stored.has('doorcode.revoke')).toBe(false);
  });

  it('during a refresh waits for it, and no answer brings the session back', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    const refreshing = phone.session().access();
    const out = phone.session().signOut();
    await refreshing;
    expect(await out).toBe(true);
    await settle();
    expect(phone.record()).toBeUndefined();
    expect(phone.server.sessions.size).toBe(0);
    expect(await phone.session().access()).toEqual({ tag: 'signed-out' });
  });

  it('during a refresh that gets no answer waits for one try alone', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    phone.server.meet('hangs', 'unreached');
    const refreshing = phone.session().access();
    await settle();
    expect(await phone.session().signOut()).toBe(true);
    expect((await refreshing).tag).toBe('timeout');
    expect(refreshes(phone)).toBe(1);
  });

  it('that the storage refuses is told, and the session ends all the same', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.storage = 'writes fail';
    expect(await phone.session().signOut()).toBe(false);
    await settle();
    expect(phone.server.sessions.size).toBe(0);
    expect(await phone.session().accessToken()).toBeUndefined();
  });

  it('keeps the devices and what is under way', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    await phone.session().requestOtp({ phoneNumber: '+918765432109' });
    await phone.session().signOut();
    expect((await phone.session().resume())?.tag).toBe('challenge');
  });
});

describe('the devices of a number', () => {
  it('are listed, ended one by one, all others, and all', async () => {
    const phone = openSessionPhone({ label: 'Phone' });
    const tablet = openSessionPhone({ label: 'Tablet', fetch: phone.server.fetch });
    await phone.signIn();
    await tablet.signIn();
    const listed = await listSessions(phone.session());
    if (listed.tag !== 'sessions') throw new Error(listed.tag);
    expect(listed.sessions.map(({ label, current }) => [label, current])).toEqual([
      ['Phone', true],
      ['Tablet', false],
    ]);
    const other = listed.sessions.find(({ current }) => !current)?.id ?? '';
    expect(await endSessions(phone.session(), [other])).toMatchObject({ sessions: [{ label: 'Phone' }] });
    tablet.wait(901);
    expect(await tablet.session().access()).toEqual({ tag: 'signed-out' });
    await tablet.signIn();
    expect(await endSessions(tablet.session(), 'others')).toMatchObject({ sessions: [{ label: 'Tablet' }] });
    expect(await signOutEverywhere(tablet.session())).toEqual({ tag: 'sessions', sessions: [] });
    expect(tablet.record()).toBeUndefined();
    expect(tablet.session().state()).toBe('signed-out');
  });

  it('are asked for again after a refresh, if another context was ahead', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(200);
    const { refreshToken = '', attempt = '' } = phone.record() ?? {};
    phone.server.refresh(refreshToken, attempt);
    expect((await listSessions(phone.session())).tag).toBe('sessions');
    expect(phone.server.sessions.size).toBe(1);
  });

  it('that cannot be asked for leave everything as it is', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.server.meet('unreached');
    expect(await signOutEverywhere(phone.session())).toEqual({ tag: 'offline' });
    expect(await phone.session().check()).toBe('signed-in');
  });
});

describe('a stolen copy of the storage', () => {
  it('ends with the owner’s next refresh once it was used twice', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    const thief = openSessionPhone({ fetch: phone.server.fetch });
    thief.stored.set('doorcode.session', phone.stored.get('doorcode.session') ?? '');
    thief.wait(901);
    await thief.session().accessToken();
    thief.wait(901);
    await thief.session().accessToken();
    phone.wait(1_201);
    expect(await phone.session().access()).toEqual({ tag: 'signed-out' });
    expect(phone.server.sessions.size).toBe(0);
  });
});

describe('fetch for an API', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const api = 'https://api.example.com/orders';
  const apiFetch = (phone: SessionPhone) => openApiFetch(phone.session(), ['https://api.example.com/']);
  const openApi = (answer: (token: string | null) => number) => {
    const tokens: (string | null)[] = [];
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      const token = new Headers(init.headers).get('authorization');
      tokens.push(token);
      return new Response('', { status: answer(token) });
    });
    return tokens;
  };

  it('goes with the token, and with a new one after a 401', async () => {
    const phone = openSessionPhone();
    const first = await phone.signIn();
    phone.wait(200);
    const tokens = openApi((token) => (token === `Bearer ${first}` ? 401 : 200));
    const answer = await apiFetch(phone)(api, { method: 'POST', body: '{}', headers: { 'x-a': '1' } });
    expect(answer.status).toBe(200);
    expect(tokens).toHaveLength(2);
    expect(refreshes(phone)).toBe(1);
  });

  it('hands on a 401 for a fresh token, without a refresh', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    const tokens = openApi(() => 401);
    expect((await apiFetch(phone)(api)).status).toBe(401);
    expect((await apiFetch(phone)(api)).status).toBe(401);
    expect(tokens).toHaveLength(2);
    expect(refreshes(phone)).toBe(0);
    expect(await phone.session().check()).toBe('signed-in');
  });

  it('hands on a second 401', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(200);
    const tokens = openApi(() => 401);
    expect((await apiFetch(phone)(api)).status).toBe(401);
    expect(tokens).toHaveLength(2);
    expect(refreshes(phone)).toBe(1);
  });

  it('uses the token that another context got, after a 401, without a refresh', async () => {
    const phone = openSessionPhone();
    const first = await phone.signIn();
    phone.wait(200);
    const other = phone.open();
    await other.access(first);
    expect(refreshes(phone)).toBe(1);
    const reached = await phone.session().access(first);
    expect(reached).toEqual({ tag: 'token', accessToken: phone.record()?.accessToken });
    expect(refreshes(phone)).toBe(1);
  });

  it('goes without a token once signed out, and not at all while nobody knows', async () => {
    const phone = openSessionPhone();
    const tokens = openApi(() => 401);
    expect((await apiFetch(phone)(api)).status).toBe(401);
    expect(tokens).toEqual([null]);
    phone.storage = 'reads fail';
    await expect(apiFetch(phone)(api)).rejects.toThrow(TypeError);
    expect(tokens).toHaveLength(1);
  });

  it('rejects as a network failure does when the token is over and the server is not reached', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(901);
    const tokens = openApi(() => 200);
    phone.server.meet('unreached', 'unreached', 'unreached');
    await expect(apiFetch(phone)(api)).rejects.toMatchObject({ cause: { tag: 'offline' } });
    expect(tokens).toHaveLength(0);
  });

  it.each([
    'https://evil.example.com/orders',
    'https://api.example.com.evil.com/orders',
    'https://api.example.com@evil.com/',
    'https://api.example.com:8443/orders',
    'http://api.example.com/orders',
    '/orders',
  ])('sends the token nowhere else: %s', async (url) => {
    const phone = openSessionPhone();
    await phone.signIn();
    const tokens = openApi(() => 200);
    await expect(apiFetch(phone)(url)).rejects.toThrow('apis');
    expect(tokens).toHaveLength(0);
  });

  it('sends a stream once', async () => {
    const phone = openSessionPhone();
    await phone.signIn();
    phone.wait(200);
    const tokens = openApi(() => 401);
    const body = new ReadableStream();
    expect((await apiFetch(phone)(api, { method: 'POST', body })).status).toBe(401);
    expect(tokens).toHaveLength(1);
  });
});
