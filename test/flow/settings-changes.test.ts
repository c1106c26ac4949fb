/**
 * Old settings and new ones, one after another and side by side, while codes and limits are under way. Each cell is one
 * change at one thing under way, with what happens; the run prints them as a table. It is long because it is a table.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../functions/otp/caller.ts';
import type { RequestId } from '../../functions/otp/request-id.ts';
import type { Admitted } from '../../functions/otp/request-otp-ports.ts';
import type { SettingsInput } from '../../functions/settings/settings.ts';
import type { Flow } from '../../test-kit/flow.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { type Deploy, deployments } from '../support/deployments.ts';

type Settings = Partial<SettingsInput>;

interface Cell {
  readonly change: string;
  readonly underWay: string;
  readonly happens: string;
  readonly play: (deploy: Deploy) => Promise<void>;
}

const number = '+919876543210';
const daySeconds = 86_400;
const signIn = { 'sign-in': { default: '22222222-2222-4222-8222-222222222222' } };
const smsTemplates = { ...signIn, payment: { default: '11111111-1111-4111-8111-111111111111' } };
const caller: Caller = { subject: 'user-7', context: { amount: 5 } };
const payment = { purpose: 'payment', caller } as const;
const withSession: Settings = { smsTemplates, session: sessionFor('payment') };
const withoutSession: Settings = { smsTemplates };
/** A session is known, but only sign-in needs it. */
const sessionElsewhere: Settings = { smsTemplates, session: sessionFor('sign-in') };
const tenMinutes: Settings = {
  codeLifetimeSeconds: 600,
  sendLimits: [
    { count: 1, windowSeconds: 30 },
    { count: 2, windowSeconds: 600 },
  ],
};
const fewLimits: Settings = {
  sendLimits: [
    { count: 1, windowSeconds: 30 },
    { count: 2, windowSeconds: 300 },
  ],
  attemptLimits: [{ count: 5, windowSeconds: 600 }],
};

async function ask(flow: Flow, input: Partial<Admitted> = {}, to = number) {
  const asked = await flow.request(to, input);
  if (asked.tag !== 'accepted') throw new Error(`not sent: ${JSON.stringify(asked)}`);
  return { requestId: asked.requestId, code: flow.lastCode() };
}

async function type(flow: Flow, { requestId, code }: Awaited<ReturnType<typeof ask>>, by?: Caller) {
  return flow.verify(requestId, code, undefined, by);
}

async function wrong(flow: Flow, requestId: RequestId): Promise<string> {
  return (await flow.verify(requestId, flow.wrongCode())).tag;
}

const outdated = { tag: 'expired-code', reason: 'outdated' };

/** Asks as often as it is let until a time; gives how often it was. */
async function sendsUntil(flow: Flow, until: number): Promise<number> {
  let sends = 0;
  while (flow.state.now < until) {
    if ((await flow.request(number)).tag === 'accepted') sends += 1;
    flow.state.now += 301;
  }
  return sends;
}

const cells: readonly Cell[] = [
  {
    change: 'session.purposes: payment taken out, a session stays for others',
    underWay: 'a code for a payment, bound to a session',
    happens: 'wins with that session alone, and the token names it',
    play: async (deploy) => {
      const asked = await ask(deploy(withSession), payment);
      const after = deploy(sessionElsewhere);
      expect((await type(after, asked)).tag).toBe('unauthorized');
      expect((await type(after, asked, { ...caller, subject: 'user-8' })).tag).toBe('incorrect-code');
      expect(await type(after, asked, caller)).toMatchObject({ tag: 'verified', caller });
    },
  },
  {
    change: 'session: taken away',
    underWay: 'a code for a payment, bound to a session',
    happens: 'expired-code at once: no issuer is known to ask; nothing is counted, and a new code works',
    play: async (deploy) => {
      const asked = await ask(deploy(withSession), payment);
      const after = deploy(withoutSession);
      for (const by of [undefined, caller]) expect(await type(after, asked, by)).toEqual(outdated);
      expect((await after.record(number)).tried.filter((time) => time > 0)).toEqual([]);
      after.state.now += 31;
      expect((await type(after, await ask(after, { purpose: 'payment' }))).tag).toBe('verified');
    },
  },
  {
    change: 'session.purposes: payment put in',
    underWay: 'a code for a payment, bound to nobody',
    happens: 'expired-code, with or without a session: the token would name nobody; a new code works',
    play: async (deploy) => {
      const asked = await ask(deploy(withoutSession), { purpose: 'payment' });
      const after = deploy(withSession);
      for (const by of [undefined, caller]) expect(await type(after, asked, by)).toEqual(outdated);
      after.state.now += 31;
      expect(await type(after, await ask(after, payment), caller)).toMatchObject({ tag: 'verified', caller });
    },
  },
  {
    change: 'session.purposes: payment put in',
    underWay: 'its own resend, one code of each kind',
    happens: 'the new code works under its own id alone',
    play: async (deploy) => {
      const first = await ask(deploy(withoutSession), { purpose: 'payment' });
      const after = deploy(withSession);
      after.state.now += 31;
      const second = await ask(after, { ...payment, previousRequestId: first.requestId });
      expect(await type(after, { ...first, code: second.code })).toEqual(outdated);
      const { tag } = await type(after, { ...second, code: first.code }, caller);
      expect(tag).toBe(first.code === second.code ? 'verified' : 'incorrect-code');
      if (tag !== 'verified') expect((await type(after, second, caller)).tag).toBe('verified');
    },
  },
  {
    change: 'session.purposes: old and new workers side by side',
    underWay: 'codes of both kinds',
    happens: 'each wins at the workers that made it; the new ones answer an unbound code with expired-code',
    play: async (deploy) => {
      const [before, after] = [deploy(sessionElsewhere), deploy({ ...withSession })];
      const unbound = await ask(before, { purpose: 'payment' });
      before.state.now += 31;
      const bound = await ask(after, payment);
      expect(await type(after, unbound)).toEqual(outdated);
      expect(await type(before, bound, caller)).toMatchObject({ tag: 'verified', caller });
    },
  },
  {
    change: 'smsTemplates: a purpose taken out',
    underWay: 'a code for it',
    happens: 'expired-code: no token for a purpose that is gone',
    play: async (deploy) => {
      const asked = await ask(deploy(withoutSession), { purpose: 'payment' });
      expect(await type(deploy({ smsTemplates: signIn }), asked)).toEqual(outdated);
    },
  },
  {
    change: 'smsTemplates: other templates',
    underWay: 'a code',
    happens: 'wins',
    play: async (deploy) => {
      const asked = await ask(deploy({ smsTemplates: signIn }));
      const others = { 'sign-in': { default: '33333333-3333-4333-8333-333333333333' } };
      expect((await type(deploy({ smsTemplates: others }), asked)).tag).toBe('verified');
    },
  },
  {
    change: 'codeLifetimeSeconds: 600 to 300',
    underWay: "the user's code, and two strangers who ask",
    happens: 'lives its ten minutes; the second stranger waits until it is over',
    play: async (deploy) => {
      const asked = await ask(deploy(tenMinutes));
      const after = deploy({});
      after.state.now += 301;
      await ask(after);
      after.state.now += 31;
      const refused = await after.request(number);
      expect(refused).toEqual({ tag: 'too-many-requests', reason: 'sends', retryAfterSeconds: 600 - 332 });
      after.state.now += 600 - 332 - 1;
      expect((await type(after, asked)).tag).toBe('verified');
    },
  },
  {
    change: 'codeLifetimeSeconds: 600 to 300',
    underWay: 'the wait that an accepted request is told',
    happens: 'is the one that the next request meets, to the second',
    play: async (deploy) => {
      await ask(deploy(tenMinutes));
      const after = deploy({});
      after.state.now += 301;
      const told = await after.request(number);
      if (told.tag !== 'accepted') throw new Error(told.tag);
      after.state.now += told.resendAfterSeconds - 1;
      expect((await after.request(number)).tag).toBe('too-many-requests');
      after.state.now += 1;
      expect((await after.request(number)).tag).toBe('accepted');
    },
  },
  {
    change: 'codeLifetimeSeconds: 600 to 300',
    underWay: 'a request that is asked again with its key',
    happens: 'the same requestId, and no longer a life than the settings say',
    play: async (deploy) => {
      const key = 'one-intention-of-the-user';
      const asked = await ask(deploy(tenMinutes), { idempotencyKey: key });
      const again = await deploy({}).request(number, { idempotencyKey: key });
      expect(again).toMatchObject({ requestId: asked.requestId, kind: 'replay', expiresInSeconds: 300 });
    },
  },
  {
    change: 'codeLifetimeSeconds: 300 to 600',
    underWay: 'a code',
    happens: 'ends after the five minutes that its SMS says',
    play: async (deploy) => {
      const asked = await ask(deploy({}));
      const after = deploy(tenMinutes);
      after.state.now += 299;
      expect(await wrong(after, asked.requestId)).toBe('incorrect-code');
      after.state.now += 1;
      expect((await type(after, asked)).tag).toBe('expired-code');
    },
  },
  {
    change: 'codeLifetimeSeconds: 300 and 600 side by side',
    underWay: 'sends that old and new workers admit in turn',
    happens: 'no code is pushed out while it lives, whichever worker sent it',
    play: async (deploy) => {
      const flows = [deploy(tenMinutes), deploy({ sendLimits: fewLimits.sendLimits })];
      const live: { requestId: RequestId; code: string; endsAt: number }[] = [];
      for (let i = 0; i < 60; i += 1) {
        const flow = flows[(i * 7) % 3 === 0 ? 0 : 1] ?? deploy({});
        const asked = await flow.request(number);
        if (asked.tag === 'accepted')
          live.push({ ...asked, code: flow.lastCode(), endsAt: flow.state.now + asked.expiresInSeconds });
        flow.state.now += 31;
        const { latest, earlier } = await flow.record(number);
        expect([latest, earlier].filter((c) => c && c.expiresAt > flow.state.now)).toHaveLength(
          live.filter(({ endsAt }) => endsAt > flow.state.now).length,
        );
      }
      expect(live.length).toBeGreaterThan(5);
    },
  },
  {
    change: 'sendLimits: 10 a day, then none of the day, then 10 a day',
    underWay: 'sends of the day',
    happens: 'all are remembered: not one more than 10 in 24 h once the limit is back',
    play: async (deploy) => {
      const before = deploy({});
      const startedAt = before.state.now;
      let sends = await sendsUntil(before, startedAt + 3_000);
      sends += await sendsUntil(deploy(fewLimits), startedAt + 3_900);
      const again = deploy({});
      expect(sends).toBeLessThanOrEqual(10);
      sends += await sendsUntil(again, startedAt + daySeconds);
      expect(sends).toBe(10);
    },
  },
  {
    change: 'sendLimits: made stricter',
    underWay: 'sends that the old ones admitted',
    happens: 'count against the new ones at once',
    play: async (deploy) => {
      const before = deploy({});
      for (let i = 0; i < 4; i += 1) {
        await ask(before);
        before.state.now += 601;
      }
      const stricter = {
        sendLimits: [...(fewLimits.sendLimits ?? []), { count: 4, windowSeconds: daySeconds }],
      };
      expect((await deploy(stricter).request(number)).tag).toBe('too-many-requests');
      expect((await deploy({}).request(number)).tag).toBe('accepted');
    },
  },
  {
    change: 'sendLimits: 15 a day, then none of the day, then 15 a day',
    underWay: 'more than ten sends',
    happens: 'the newest ten are remembered: five more may be sent, once',
    play: async (deploy) => {
      const fifteen = {
        sendLimits: [...(fewLimits.sendLimits ?? []), { count: 15, windowSeconds: daySeconds }],
      };
      const startedAt = deploy(fifteen).state.now;
      expect(await sendsUntil(deploy(fewLimits), startedAt + 12 * 301)).toBe(12);
      expect(await sendsUntil(deploy(fifteen), startedAt + daySeconds)).toBe(5);
    },
  },
  {
    change: 'attemptLimits: 20 a day, then none of the day, then 20 a day',
    underWay: 'attempts of the day',
    happens: 'all are remembered',
    play: async (deploy) => {
      const attemptLimits = [{ count: 20, windowSeconds: daySeconds }];
      const few = { attemptLimits: [{ count: 5, windowSeconds: 600 }] };
      const startedAt = deploy({}).state.now;
      let guesses = 0;
      for (let i = 0; i < 8; i += 1) {
        const flow = deploy(i === 0 || i > 4 ? { ...fewLimits, attemptLimits } : { ...fewLimits, ...few });
        flow.state.now = startedAt + i * 1_000;
        const asked = await flow.request(number);
        if (asked.tag !== 'accepted') continue;
        for (let n = 0; n < 5; n += 1)
          if ((await wrong(flow, asked.requestId)) === 'incorrect-code') guesses += 1;
      }
      // Five with the limit of the day, twenty without it, and none more when it is back.
      expect(guesses).toBe(5 + 20);
    },
  },
  {
    change: 'attemptLimits: made stricter',
    underWay: 'a code at which two attempts were made',
    happens: 'the attempts count against the new limits at once; nothing below 0 is left',
    play: async (deploy) => {
      const asked = await ask(deploy({}));
      for (let i = 0; i < 3; i += 1) await wrong(deploy({}), asked.requestId);
      const stricter = { attemptLimits: [{ count: 2, windowSeconds: 600 }] };
      expect((await type(deploy(stricter), asked)).tag).toBe('too-many-attempts');
      expect((await type(deploy({}), asked)).tag).toBe('verified');
    },
  },
  {
    change: 'attemptLimits: any',
    underWay: 'what a success gives back',
    happens: "its own attempts, whatever settings counted them, and no stranger's",
    play: async (deploy) => {
      const stranger = await ask(deploy(fewLimits));
      deploy({}).state.now += 31;
      const asked = await ask(deploy({}));
      await wrong(deploy(fewLimits), stranger.requestId);
      await wrong(deploy(fewLimits), asked.requestId);
      await wrong(deploy({}), asked.requestId);
      expect((await type(deploy(fewLimits), asked)).tag).toBe('verified');
      expect((await deploy({}).record(number)).tried.filter((time) => time > 0)).toHaveLength(1);
    },
  },
  {
    change: 'devicesPerNumber: 5 to 0',
    underWay: 'a code that a returning device asked for',
    happens: 'wins; the device is a stranger from the next request on',
    play: async (deploy) => {
      const before = deploy({});
      const won = await type(before, await ask(before));
      const deviceToken = won.tag === 'verified' ? won.deviceToken : undefined;
      before.state.now += 31;
      const asked = await ask(before, { deviceToken });
      const after = deploy({ devicesPerNumber: 0 });
      expect((await type(after, asked)).tag).toBe('verified');
      const before2 = await after.record(number);
      after.state.now += 31;
      await ask(after, { deviceToken });
      expect((await after.record(number)).sent[0]).not.toBe(before2.sent[0]);
    },
  },
  {
    change: 'attestation: off to require, and back',
    underWay: 'codes of apps that were attested, and of apps that were not',
    happens: 'win: who may ask was decided when it was asked',
    play: async (deploy) => {
      const attestation = {
        issuer: 'https://attest.example.com',
        audience: 'acme',
        jwksUrl: 'https://attest.example.com/keys',
        algorithms: ['RS256' as const],
        apps: { android: { mode: 'require' as const, appIds: ['app'] } },
      };
      const plain = await ask(deploy({}));
      const required = deploy({ attestation });
      expect((await type(required, plain)).tag).toBe('verified');
      required.state.now += 31;
      const attested = await ask(required, { isAttested: true });
      expect((await type(deploy({}), attested)).tag).toBe('verified');
    },
  },
  {
    change: 'testNumbersUntil: taken away, or its day is over',
    underWay: 'a code of a test number',
    happens: 'expired-code: nothing of it works from then on',
    play: async (deploy) => {
      const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
      const open = deploy({ testNumbersUntil: '2099-12-31' });
      const { now } = open.state;
      open.state.controls = {
        ...open.state.controls,
        testNumbers: [
          { phoneNumber: open.phone(number), code: open.wrongCode(), until: '2099-12-31', perDay: 10 },
        ],
      };
      const asked = await open.request(number);
      if (asked.tag !== 'accepted') throw new Error(asked.tag);
      const code = open.wrongCode();
      for (const testNumbersUntil of [undefined, day(now - daySeconds)])
        expect(await deploy({ testNumbersUntil }).verify(asked.requestId, code)).toEqual(outdated);
      const sameDay = deploy({ testNumbersUntil: day(now) });
      expect((await sameDay.verify(asked.requestId, code)).tag).toBe('verified');
    },
  },
  {
    change: 'guessBreaker: observe to enforce',
    underWay: 'a code, while the breaker would be open',
    happens: 'its first guess passes',
    play: async (deploy) => {
      const guessBreaker = { wrongGuessesPerHour: 1, trickleSeconds: 60 };
      const observing = deploy({ guessBreaker: { ...guessBreaker, mode: 'observe' } });
      const stranger = await ask(observing, {}, '+919876543219');
      await wrong(observing, stranger.requestId);
      const asked = await ask(observing);
      const enforcing = deploy({ guessBreaker: { ...guessBreaker, mode: 'enforce' } });
      await wrong(enforcing, stranger.requestId);
      expect((await type(enforcing, asked)).tag).toBe('verified');
    },
  },
  {
    change: 'sendsPerDay, sendsPerHour, shares of strangers: made smaller',
    underWay: 'sends of the hour',
    happens: 'count against the new ceilings at once; codes under way win',
    play: async (deploy) => {
      const before = deploy({ sendsPerDay: 1_000_000 });
      const asked = await ask(before);
      const after = deploy({ sendsPerDay: 1, sendsPerHour: 1 });
      after.state.now += 31;
      expect(await after.request(number)).toMatchObject({ tag: 'temporarily-unavailable', reason: 'budget' });
      expect((await type(after, asked)).tag).toBe('verified');
    },
  },
  {
    change: 'any of the above',
    underWay: 'a win whose answer got lost, asked again with its key',
    happens: 'the same token id, for a minute',
    play: async (deploy) => {
      const key = 'one-intention-of-the-user';
      const asked = await ask(deploy(withoutSession), { purpose: 'payment' });
      const won = await deploy(withoutSession).verify(asked.requestId, asked.code, key);
      if (won.tag !== 'verified') throw new Error(won.tag);
      for (const settings of [
        withSession,
        { smsTemplates: signIn },
        tenMinutes,
        fewLimits,
        { devicesPerNumber: 0 },
      ]) {
        const again = await deploy(settings).verify(asked.requestId, asked.code, key);
        expect(again).toMatchObject({
          tag: 'verified',
          tokenId: won.tokenId,
          purpose: 'payment',
          caller: {},
        });
      }
    },
  },
];

let table: TestTable;
let day = 0;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(async () => {
  printTable(
    'Settings that change, at what is under way',
    cells.map(({ change, underWay, happens }) => ({
      change,
      'under way': underWay,
      'what happens': happens,
    })),
  );
  await table.stop();
});

it.each(cells)('$change, at $underWay: $happens', async ({ play }) => {
  // A week of its own, because the budget's item is shared.
  day += 7;
  await play(deployments(table, 1_800_000_100 + day * daySeconds));
});
