/** Whatever the adopter hands in throws, rejects, hangs or answers at once: each call ends, in a value. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createDoorcode,
  type Doorcode,
  type DoorcodeOptions,
} from '../../../clients/typescript/src/index.ts';
import { misbehavingParts, misbehaviours, openPlainServer } from '../../support/misbehaving.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const phoneNumber = '+919876543210';

/** Waits for a call with the clock running as fast as it can; fails if ten minutes do not end it. */
async function ended<T>(call: Promise<T>): Promise<T> {
  let isOver = false;
  const settled = call.finally(() => {
    isOver = true;
  });
  settled.catch(() => undefined);
  for (let seconds = 0; seconds < 600 && !isOver; seconds += 1) await vi.advanceTimersByTimeAsync(1_000);
  expect(isOver).toBe(true);
  return settled;
}

const open = (options: Partial<DoorcodeOptions>): Doorcode =>
  createDoorcode({ baseUrl: 'https://api.example.com', fetch: openPlainServer().fetch, ...options });

/** Each call of a client, on one that works up to then. */
const actions: Readonly<Record<string, (doorcode: Doorcode) => Promise<unknown>>> = {
  requestOtp: (doorcode) => doorcode.requestOtp({ phoneNumber }),
  resendOtp: (doorcode) => doorcode.resendOtp(challenge(doorcode)),
  verifyOtp: (doorcode) => doorcode.verifyOtp(challenge(doorcode), '123456'),
  resume: (doorcode) => doorcode.resume(),
  accessToken: (doorcode) => doorcode.accessToken(),
  signOut: (doorcode) => doorcode.signOut(),
};

const challenge = (doorcode: Doorcode) =>
  ({
    requestId: 'r',
    phoneNumber,
    codeLength: 6,
    delivery: 'accepted',
    resendAtMs: doorcode.now(),
  }) as const;

const matrix = Object.keys(actions).flatMap((action) =>
  misbehavingParts.flatMap((part) => misbehaviours.map((misbehaviour) => ({ action, part, misbehaviour }))),
);

describe('a call with a part that misbehaves', () => {
  it.each(matrix)('$action ends though $part $misbehaviour', async ({ action, part, misbehaviour }) => {
    const doorcode = open(openPlainServer().options(part, misbehaviour));
    const result = await ended(actions[action]?.(doorcode) ?? Promise.reject(new Error(action)));
    if (['requestOtp', 'resendOtp', 'verifyOtp'].includes(action))
      expect(result).toHaveProperty('tag', expect.any(String));
    // The next call is not held up by the one before it.
    expect(await ended(doorcode.requestOtp({ phoneNumber: '+918765432109' }))).toHaveProperty('tag');
  });

  it.each(misbehaviours)('tells headers that %s apart from a network that fails', async (misbehaviour) => {
    const server = openPlainServer();
    const doorcode = open(server.options('headers', misbehaviour));
    const result = await ended(doorcode.requestOtp({ phoneNumber }));
    expect(result.tag).toBe(misbehaviour === 'answers at once' ? 'sent' : 'headers-failed');
    expect(server.calls).toHaveLength(misbehaviour === 'answers at once' ? 1 : 0);
  });

  it('signs in, and knows its token, with a storage that never answers', async () => {
    const doorcode = open(openPlainServer().options('storage', 'hangs'));
    const asked = await ended(doorcode.requestOtp({ phoneNumber }));
    if (asked.tag !== 'sent') throw new Error(asked.tag);
    expect(await ended(doorcode.verifyOtp(asked.challenge, '123456'))).toMatchObject({ tag: 'signed-in' });
    expect(await ended(doorcode.accessToken())).toBe('token');
    expect(await ended(doorcode.signOut())).toBe(false);
    expect(await ended(doorcode.accessToken())).toBeUndefined();
  });

  it('waits for a storage that hangs once, not at each step', async () => {
    const doorcode = open(openPlainServer().options('storage', 'hangs'));
    const before = performance.now();
    await ended(doorcode.requestOtp({ phoneNumber }));
    expect(performance.now() - before).toBeLessThanOrEqual(3_000);
  });

  it('uses a storage again that has answered at last', async () => {
    const values = new Map<string, string>();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isSlow = true;
    const doorcode = open({
      storage: {
        read: async (key) => {
          if (isSlow) await held;
          return values.get(key) ?? null;
        },
        write: async (key, value) => {
          values.set(key, value ?? '');
        },
      },
    });
    await ended(doorcode.requestOtp({ phoneNumber }));
    expect(values.size).toBe(0);
    isSlow = false;
    release();
    await ended(doorcode.requestOtp({ phoneNumber: '+918765432109' }));
    expect(values.get('doorcode.under-way')).toContain('+918765432109');
    expect(values.get('doorcode.under-way')).toContain(phoneNumber);
  });

  it('keeps the writes of one item in their order, however long each takes', async () => {
    const written: (string | null)[] = [];
    let delayMs = 500;
    const doorcode = open({
      storage: {
        read: async () => null,
        write: async (_key, value) => {
          const mine = delayMs;
          delayMs -= 200;
          await new Promise((resolve) => setTimeout(resolve, mine));
          written.push(value);
        },
      },
    });
    const first = await ended(doorcode.requestOtp({ phoneNumber }));
    if (first.tag !== 'sent') throw new Error(first.tag);
    expect(written.at(0)).toContain('"key"');
    expect(written.at(-1)).toContain('"requestId"');
  });
});

describe('the adopter’s headers', () => {
  const sentWith = async (headers: DoorcodeOptions['headers']) => {
    const server = openPlainServer();
    const result = await ended(open({ fetch: server.fetch, headers }).requestOtp({ phoneNumber }));
    return { result, headers: server.calls.at(-1)?.headers };
  };

  it('never replace ours, however they are spelt', async () => {
    const { headers } = await sentWith({
      'CONTENT-TYPE': 'text/plain',
      'idempotency-Key': 'theirs',
      Authorization: 'Bearer s',
    });
    expect(headers?.get('content-type')).toBe('application/json');
    expect(headers?.get('idempotency-key')).not.toContain('theirs');
    expect(headers?.get('authorization')).toBe('Bearer s');
  });

  it('are left out where they have no value', async () => {
    const { result, headers } = await sentWith(() => ({ Authorization: undefined, 'X-App': '' }));
    expect(result.tag).toBe('sent');
    expect([...(headers?.keys() ?? [])].toSorted()).toEqual(['content-type', 'idempotency-key']);
  });

  it.each([
    { 'X App': '1' },
    { '': '1' },
    { 'X-App:': '1' },
    { 'X-App': 'two\r\nlines' },
    { 'X-App': 'नमस्ते' },
  ])('that no request can carry are refused: %j', async (headers) => {
    expect(() => open({ headers })).toThrow('not a header');
    expect((await sentWith(() => headers)).result.tag).toBe('headers-failed');
  });

  it('are checked for the provider’s key when the client is made', () => {
    expect(() => open({ headers: { 'X-API-Key': 'anything' } })).toThrow('belongs on the server');
  });
});
