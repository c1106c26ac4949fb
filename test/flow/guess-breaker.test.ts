/** The guess breaker while it is enforced and open: who gets its slots, who passes, and what it costs. */
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Code, codeSchema } from '../../functions/otp/code.ts';
import type { RequestId } from '../../functions/otp/request-id.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const trickleSeconds = 10;
const guessBreaker = { mode: 'enforce', wrongGuessesPerHour: 3, trickleSeconds } as const;
const flood = { prefix: '198.51.100.1', ceiling: 200 };
const home = { prefix: '203.0.113.7', ceiling: 200 };
let server: TestTable;
let table: TestTable;
/** Every write to the table, as its expression. */
let writes: string[] = [];

beforeAll(async () => {
  server = await startTestTable();
  const client = plainClient(server.endpoint);
  const send = (command: { input: { UpdateExpression: string } }) => {
    writes.push(command.input.UpdateExpression);
    return client.send(command as never);
  };
  table = { ...server, client: Object.assign(Object.create(client), { send }) };
});
afterAll(async () => {
  table.client.destroy();
  await server.stop();
});

/** A day of its own for each test: the account of the hour is shared. */
let day = 0;
let next = 9_100_000_000;
const otherThan = (code: Code): Code => v.parse(codeSchema, code === '000000' ? '000001' : '000000');
const fresh = (): string => {
  next += 1;
  return `+91${next}`;
};

async function ask(
  flow: Flow,
  number = fresh(),
): Promise<{ requestId: RequestId; code: Code; number: string }> {
  const asked = await flow.request(number);
  if (asked.tag !== 'accepted') throw new Error(asked.tag);
  return { requestId: asked.requestId, code: flow.lastCode(), number };
}

/** A flow whose breaker is open: as many wrong codes as it takes, each the first at a code of its own. */
async function openBreaker(settings: Parameters<typeof startFlow>[1] = {}): Promise<Flow> {
  day += 1;
  const flow = startFlow(table, { guessBreaker, sendsPerDay: 1_000_000, ...settings });
  flow.state.now += day * 86_400 * 3;
  flow.state.address = home;
  for (let i = 0; i < guessBreaker.wrongGuessesPerHour; i += 1) {
    const { requestId } = await ask(flow);
    await flow.verify(requestId, flow.wrongCode());
  }
  writes = [];
  return flow;
}

/** Whose turn it is shows in what the next stranger's second guess gets. */
async function isSlotFree(flow: Flow): Promise<boolean> {
  const { requestId } = await ask(flow);
  await flow.verify(requestId, flow.wrongCode());
  return (await flow.verify(requestId, flow.wrongCode())).tag === 'incorrect-code';
}

const refused = { tag: 'too-many-attempts', retryAfterSeconds: trickleSeconds, reason: 'guess-breaker' };

describe('a guess while the breaker is open', () => {
  it('passes if it is the first at its code, however many others have just passed', async () => {
    const flow = await openBreaker();
    for (let i = 0; i < 20; i += 1) {
      const { requestId, code } = await ask(flow);
      expect((await flow.verify(requestId, code)).tag).toBe('verified');
    }
  });

  it('is not compared when it is refused, and costs its number no attempt', async () => {
    const flow = await openBreaker();
    expect(await isSlotFree(flow)).toBe(true);
    const { requestId, code, number } = await ask(flow);
    expect(await flow.verify(requestId, flow.wrongCode())).toEqual({
      tag: 'incorrect-code',
      attemptsRemaining: 4,
    });
    const before = await flow.record(number);
    for (let i = 0; i < 10; i += 1) expect(await flow.verify(requestId, code)).toEqual(refused);
    const { attemptBy: _, ...after } = await flow.record(number);
    expect(after).toEqual({ ...after, tried: before.tried, triedBy: before.triedBy });
    flow.state.now += trickleSeconds;
    expect((await flow.verify(requestId, code)).tag).toBe('verified');
  });

  it('that is refused passes neither as a first one afterwards', async () => {
    const flow = await openBreaker();
    const { requestId } = await ask(flow);
    expect((await flow.verify(requestId, flow.wrongCode())).tag).toBe('incorrect-code');
    expect(await isSlotFree(flow)).toBe(true);
    for (let i = 0; i < 3; i += 1) expect(await flow.verify(requestId, flow.wrongCode())).toEqual(refused);
  });

  it('takes no turn when the limits of its number refuse it', async () => {
    const flow = await openBreaker();
    const { requestId } = await ask(flow);
    for (let i = 0; i < 5; i += 1) {
      await flow.verify(requestId, flow.wrongCode());
      flow.state.now += trickleSeconds;
    }
    writes = [];
    expect(await flow.verify(requestId, flow.wrongCode())).toMatchObject({ reason: 'number' });
    expect(writes).toHaveLength(1);
    expect(await isSlotFree(flow)).toBe(true);
  });

  it('takes no turn when its address is the flood, and is told the same wait', async () => {
    const flow = await openBreaker();
    const { requestId } = await ask(flow);
    await flow.verify(requestId, flow.wrongCode());
    flow.state.address = flood;
    for (let i = 0; i < 30; i += 1) await flow.verify(requestId, flow.wrongCode());
    flow.state.now += trickleSeconds;
    expect(await flow.verify(requestId, flow.wrongCode())).toEqual(refused);
    flow.state.address = home;
    expect(await isSlotFree(flow)).toBe(true);
  });

  it('of an address that was a flood has a turn again a minute later', async () => {
    const flow = await openBreaker();
    const { requestId, code } = await ask(flow);
    await flow.verify(requestId, flow.wrongCode());
    flow.state.address = flood;
    for (let i = 0; i < 30; i += 1) await flow.verify(requestId, flow.wrongCode());
    flow.state.now += 60;
    expect((await flow.verify(requestId, code)).tag).toBe('verified');
  });

  it('is given back once when the answer to that gets lost', async () => {
    const flow = await openBreaker();
    const { requestId, number } = await ask(flow);
    await flow.verify(requestId, flow.wrongCode());
    await isSlotFree(flow);
    const { giveBack } = flow.store;
    let landed = 0;
    flow.store.giveBack = async (step) => {
      landed += (await giveBack(step)).tag === 'written' ? 1 : 0;
      return giveBack(step);
    };
    expect(await flow.verify(requestId, flow.wrongCode())).toEqual(refused);
    expect(landed).toBe(1);
    expect(flow.told).not.toContain('attempt not given back');
    expect((await flow.record(number)).tried.filter((time) => time > 0)).toHaveLength(1);
  });

  it('is given back beside another one that is counted at the same moment', async () => {
    const flow = await openBreaker();
    const { requestId, number } = await ask(flow);
    await flow.verify(requestId, flow.wrongCode());
    await isSlotFree(flow);
    const outcomes = await Promise.all([1, 2, 3].map(() => flow.verify(requestId, flow.wrongCode())));
    expect(outcomes).toEqual([refused, refused, refused]);
    expect((await flow.record(number)).tried.filter((time) => time > 0)).toHaveLength(1);
  });

  it('stays counted, and is told, when it cannot be given back', async () => {
    const flow = await openBreaker();
    const { requestId, number } = await ask(flow);
    await flow.verify(requestId, flow.wrongCode());
    await isSlotFree(flow);
    flow.store.giveBack = async () => {
      throw new Error('the table is down');
    };
    expect(await flow.verify(requestId, flow.wrongCode())).toEqual(refused);
    expect(flow.told).toContain('attempt not given back');
    expect((await flow.record(number)).tried.filter((time) => time > 0)).toHaveLength(2);
  });
});

describe('a breaker that is closed', () => {
  it.each(['off', 'observe', 'enforce'] as const)('costs nothing beside its count (%s)', async (mode) => {
    day += 1;
    const flow = startFlow(table, { guessBreaker: { mode }, conversionBreaker: { mode: 'off' } });
    flow.state.now += day * 86_400 * 3;
    const { requestId, code } = await ask(flow);
    writes = [];
    await flow.verify(requestId, flow.wrongCode());
    expect(writes).toHaveLength(mode === 'off' ? 1 : 2);
    writes = [];
    await flow.verify(requestId, code);
    expect(writes.filter((write) => write.includes('tried0') || write.includes('consumedBy'))).toHaveLength(
      2,
    );
    expect(writes.filter((write) => write.includes('sends') || write.includes('guessedAt'))).toEqual([]);
  });
});

describe('fifty guesses a second', () => {
  const perSecond = 50;
  const usersOfAKind = 5;

  interface User {
    readonly requestId: RequestId;
    readonly code: Code;
    readonly isMistyping: boolean;
    triesAt: number;
    hasMistyped: boolean;
    isIn: boolean;
  }

  /** The user types, wrong at first if they mistype, and comes again when they are told to. */
  async function type(flow: Flow, user: User): Promise<void> {
    const isWrong = user.isMistyping && !user.hasMistyped;
    const outcome = await flow.verify(user.requestId, isWrong ? otherThan(user.code) : user.code);
    if (outcome.tag === 'too-many-attempts') user.triesAt += outcome.retryAfterSeconds;
    else if (isWrong) user.hasMistyped = true;
    else user.isIn = outcome.tag === 'verified';
  }

  /** An attacker with so many addresses guesses at twenty live codes, on and on; users come in the midst of it. */
  async function signedIn(
    addresses: number,
    seconds: number,
  ): Promise<{ typedRight: number; mistyped: number }> {
    const flow = await openBreaker();
    const codes = await Promise.all(Array.from({ length: 20 }, () => ask(flow)));
    const users: User[] = [];
    const startedAt = flow.state.now;
    const isDue = ({ isIn, triesAt }: User): boolean => !isIn && triesAt <= flow.state.now;
    for (let i = 0; i < seconds * perSecond; i += 1) {
      flow.state.now = startedAt + Math.floor(i / perSecond);
      flow.state.address = { ...flood, prefix: `198.51.100.${i % addresses}` };
      const { requestId, code } = codes[i % codes.length] ?? (await ask(flow));
      await flow.verify(requestId, otherThan(code));
      if (i % perSecond !== perSecond / 2) continue;
      flow.state.address = home;
      if (users.length < 2 * usersOfAKind) {
        const isMistyping = users.length % 2 === 1;
        const asked = { ...(await ask(flow)), triesAt: flow.state.now };
        users.push({ ...asked, isMistyping, hasMistyped: false, isIn: false });
      }
      for (const user of users.filter(isDue)) await type(flow, user);
    }
    const inOf = (isMistyping: boolean): number =>
      users.filter((user) => user.isIn && user.isMistyping === isMistyping).length;
    return { typedRight: inOf(false), mistyped: inOf(true) };
  }

  it.each([
    { addresses: 1, seconds: 40, mistypedAtLeast: 2 },
    { addresses: 200, seconds: 12, mistypedAtLeast: 0 },
  ])(
    'from $addresses addresses stop nobody who types a fresh code right',
    {
      timeout: 300_000,
    },
    async ({ addresses, seconds, mistypedAtLeast }) => {
      const { typedRight, mistyped } = await signedIn(addresses, seconds);
      console.info(
        `${addresses} addresses: within ${seconds} s ${typedRight} of ${usersOfAKind} users are in who typed it right, ${mistyped} of ${usersOfAKind} who mistyped once`,
      );
      expect(typedRight).toBe(usersOfAKind);
      expect(mistyped).toBeGreaterThanOrEqual(mistypedAtLeast);
    },
  );
});
