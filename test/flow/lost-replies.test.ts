/** Writes that land while their answer gets lost: the SDK's own second try meets its first one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptStore, SendStore } from '../../functions/otp/challenge-store.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

type Store = SendStore & AttemptStore;

const number = '+919876543210';
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

/** Makes the next call of one transition run twice, as a retry of a write whose answer got lost. */
function repeatNext(
  flow: Flow,
  name: keyof Store,
  meanwhile: () => Promise<void> = async () => undefined,
): void {
  const store = flow.store as { -readonly [K in keyof Store]: (step: never) => Promise<unknown> };
  const real = store[name];
  store[name] = async (step) => {
    store[name] = real;
    await real(step);
    await meanwhile();
    return real(step);
  };
}

/** Lets the next call of one transition go only when `until` has it go, and answers when `until` is over. */
function holdNext(flow: Flow, name: keyof Store, until: (go: () => Promise<void>) => Promise<void>): void {
  const store = flow.store as { -readonly [K in keyof Store]: (step: never) => Promise<unknown> };
  const real = store[name];
  store[name] = async (step) => {
    store[name] = real;
    let answer: unknown;
    await until(async () => {
      answer = await real(step);
    });
    return answer;
  };
}

/** Makes the next call of one transition land and then fail. */
function loseNext(flow: Flow, name: keyof Store): void {
  const store = flow.store as { -readonly [K in keyof Store]: (step: never) => Promise<unknown> };
  const real = store[name];
  store[name] = async (step) => {
    store[name] = real;
    await real(step);
    throw new Unavailable('table', 'TimeoutError');
  };
}

describe('a retried write', () => {
  it('of reserve goes on with the send, and counts it once', async () => {
    const flow = startFlow(table);
    repeatNext(flow, 'reserve');
    const outcome = await flow.request(number);
    if (outcome.tag !== 'accepted') throw new Error(outcome.tag);
    expect((await flow.record(number)).sent.filter((time) => time > 0)).toHaveLength(1);
    expect(outcome.resendAfterSeconds).toBe(30);
    expect((await flow.verify(outcome.requestId, flow.lastCode())).tag).toBe('verified');
  });

  it('of reserve is released whole when the provider refuses', async () => {
    const flow = startFlow(table);
    const first = await flow.request(number);
    const code = flow.lastCode();
    flow.state.now += 31;
    const before = await flow.record(number);
    repeatNext(flow, 'reserve');
    flow.state.nextOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
    await flow.request(number);
    expect(await flow.record(number)).toEqual(before);
    if (first.tag !== 'accepted') throw new Error(first.tag);
    expect((await flow.verify(first.requestId, code)).tag).toBe('verified');
  });

  it('of count is one attempt', async () => {
    const flow = startFlow(table);
    const outcome = await flow.request(number);
    if (outcome.tag !== 'accepted') throw new Error(outcome.tag);
    repeatNext(flow, 'count');
    expect(await flow.verify(outcome.requestId, flow.wrongCode())).toEqual({
      tag: 'incorrect-code',
      attemptsRemaining: 4,
    });
    repeatNext(flow, 'count');
    expect((await flow.verify(outcome.requestId, flow.lastCode())).tag).toBe('verified');
  });

  it('of count that finds the code used by the same intention meanwhile gives the token again', async () => {
    const flow = startFlow(table);
    const outcome = await flow.request(number);
    if (outcome.tag !== 'accepted') throw new Error(outcome.tag);
    const { requestId } = outcome;
    const [code, key] = [flow.lastCode(), 'idempotency-key-0001'];
    // The app asks twice. The first call has counted and is about to consume when the count of the second one lands.
    const second: Promise<unknown>[] = [];
    holdNext(flow, 'consume', async (consume) => {
      repeatNext(flow, 'count', consume);
      second.push(flow.verify(requestId, code, key));
      await Promise.all(second);
    });
    const first = await flow.verify(requestId, code, key);
    expect(first).toMatchObject({ tag: 'verified' });
    expect(await second[0]).toEqual(first);
  });

  it('of count that still has the last mark, while the same intention used the code, gives the token again', async () => {
    const flow = startFlow(table);
    const asked = await flow.request(number);
    if (asked.tag !== 'accepted') throw new Error(asked.tag);
    const verify = () => flow.verify(asked.requestId, flow.lastCode(), 'one-intention-of-the-user');
    const counted = Promise.withResolvers<void>();
    let ours: ReturnType<typeof verify> | undefined;
    holdNext(flow, 'consume', async (go) => {
      repeatNext(flow, 'count', async () => {
        counted.resolve();
        await other;
      });
      ours = verify();
      await counted.promise;
      await go();
    });
    const other = verify();
    const [first, second] = [await other, await ours];
    expect(first.tag).toBe('verified');
    expect(second).toEqual(first);
  });

  it('of consume is one win', async () => {
    const flow = startFlow(table);
    const outcome = await flow.request(number);
    if (outcome.tag !== 'accepted') throw new Error(outcome.tag);
    repeatNext(flow, 'consume');
    expect((await flow.verify(outcome.requestId, flow.lastCode())).tag).toBe('verified');
    expect((await flow.verify(outcome.requestId, flow.lastCode())).tag).toBe('expired-code');
  });

  it('of release gives back once', async () => {
    const flow = startFlow(table);
    await flow.request(number);
    flow.state.now += 31;
    const before = await flow.record(number);
    repeatNext(flow, 'release');
    flow.state.nextOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
    await flow.request(number);
    expect(await flow.record(number)).toEqual(before);
  });
});

describe('a write that never answers', () => {
  it('of reserve is released, sends nothing, and leaves the earlier code working', async () => {
    const flow = startFlow(table);
    const first = await flow.request(number);
    const code = flow.lastCode();
    flow.state.now += 31;
    const before = await flow.record(number);
    loseNext(flow, 'reserve');
    expect(await flow.request(number)).toMatchObject({
      tag: 'temporarily-unavailable',
      reason: 'reserve-unknown',
    });
    expect(await flow.record(number)).toEqual(before);
    expect(flow.sent).toHaveLength(1);
    if (first.tag !== 'accepted') throw new Error(first.tag);
    expect((await flow.verify(first.requestId, code)).tag).toBe('verified');
  });

  it('of consume costs nothing: asked again with the same key, the token comes', async () => {
    const flow = startFlow(table);
    const outcome = await flow.request(number);
    if (outcome.tag !== 'accepted') throw new Error(outcome.tag);
    const key = 'idempotency-key-0001';
    loseNext(flow, 'consume');
    await expect(flow.verify(outcome.requestId, flow.lastCode(), key)).rejects.toThrow(Unavailable);
    expect(await flow.verify(outcome.requestId, flow.lastCode(), key)).toMatchObject({
      tag: 'verified',
      verifiedAt: flow.state.now,
    });
  });
});
