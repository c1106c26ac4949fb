/** Which key is offered, with a clock that the test moves and a Secrets Manager that it scripts. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../functions/otp/send-outcome.ts';
import type { SendKind } from '../../functions/provider/breaker.ts';
import { type KeyRing, nextKey, type OfferedKey, openKeyRing } from '../../functions/provider/key-ring.ts';
import { type KeyEvent, sendWithKeys } from '../../functions/provider/sender.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { ProviderKey } from '../../functions/secrets/secret-readers.ts';
import { bothClocks, neverOver } from '../support/test-clock.ts';

const keyRefused: SendOutcome = { tag: 'refused', cause: 'key', retryAfterSeconds: undefined };
const plentyMs = 4_000;
const settled = () => new Promise((resolve) => setImmediate(resolve));

const makeKey = (versionId: string): ProviderKey => ({
  versionId,
  key: `sm_live_${randomBytes(20).toString('hex')}`,
});

/** What is under a label: a key, or the reason why there is none to read; `hang` never answers. */
type Stored = ProviderKey | 'malformed' | 'empty' | 'AccessDeniedException' | 'hang' | undefined;

function world(current: Stored = makeKey('one'), previous: Stored = undefined) {
  const stored: { current: Stored; previous: Stored } = { current, previous };
  const state = { ...stored, now: 1_000, reads: { current: 0, previous: 0 } };
  const good = new Set<string>();
  const calls: string[] = [];
  const told: string[] = [];
  const read = async (stored: Stored): Promise<ProviderKey | undefined> => {
    // Answers of one moment arrive in another.
    await settled();
    if (stored === 'hang') return new Promise(() => undefined);
    if (typeof stored === 'string') throw new Unavailable('SMS_SECRET_ARN', stored);
    return stored;
  };
  const keyRing = openKeyRing(
    {
      current: async () => {
        state.reads.current += 1;
        const key = await read(state.current);
        if (key === undefined) throw new Unavailable('SMS_SECRET_ARN', 'empty');
        return key;
      },
      previous: () => {
        state.reads.previous += 1;
        return read(state.previous);
      },
    },
    bothClocks(() => state.now),
  );
  const tell = (event: KeyEvent): void => {
    if (event.tag === 'unreadable') told.push(`unreadable ${event.reason}`);
    else if (event.tag === 'used') told.push(`used ${event.key.versionId}`);
    else told.push(`${event.tag} ${event.key.versionId} ${event.key.label}`);
  };
  const keyOf = <Key>({ key, unreadable }: { key: Key; unreadable: readonly string[] }): Key => {
    for (const reason of unreadable) tell({ tag: 'unreadable', reason });
    return key;
  };
  const of = (signal: AbortSignal) => ({
    get: async () => keyOf(await keyRing.first(signal)),
    next: async (waitMs: number) => keyOf(await keyRing.another(signal, waitMs)),
    refused: keyRing.refused,
  });
  const keys = of(neverOver);
  const accept = (key: Stored): void => {
    if (typeof key === 'object') good.add(key.versionId);
  };
  accept(current);
  const versionOf = new Map<string, string>();
  const note = (key: Stored): void => {
    if (typeof key === 'object') versionOf.set(key.key, key.versionId);
  };
  /** Sends once; gives the outcome, and the versions that the provider was shown. */
  const send = async (
    options: {
      remainingMs?: () => number;
      answer?: (versionId: string) => SendOutcome;
      before?: () => Promise<void>;
      kind?: SendKind;
    } = {},
  ) => {
    note(state.current);
    note(state.previous);
    const { remainingMs = () => plentyMs, answer, before = settled, kind = 'ordinary' } = options;
    const first = await keys.get();
    const shown: string[] = [];
    const { outcome, events } = await sendWithKeys(keyRing, {
      kind,
      first,
      signal: neverOver,
      send: async (key) => {
        note(state.current);
        note(state.previous);
        const versionId = versionOf.get(key) ?? 'unknown';
        shown.push(versionId);
        calls.push(versionId);
        await before();
        return answer?.(versionId) ?? (good.has(versionId) ? { tag: 'accepted' } : keyRefused);
      },
      remainingMs,
    });
    events.forEach(tell);
    return { outcome, shown };
  };
  return {
    state,
    of,
    calls,
    told,
    send,
    accept,
    revoke: (versionId: string) => good.delete(versionId),
    /** Makes `key` the current one, as PutSecretValue does. */
    promote: (key: Stored, { works = true } = {}) => {
      note(state.current);
      state.previous = state.current;
      state.current = key;
      if (works) accept(key);
    },
  };
}

const accepted = (...shown: string[]) => ({ outcome: { tag: 'accepted' }, shown });
const refused = (...shown: string[]) => ({ outcome: keyRefused, shown });

describe('a rotation', () => {
  it('whose old key is revoked at once costs one refused call and one read, and fails no send', async () => {
    const w = world();
    expect(await w.send()).toEqual(accepted('one'));
    w.promote(makeKey('two'));
    w.revoke('one');
    expect(await w.send()).toEqual(accepted('one', 'two'));
    expect(await w.send()).toEqual(accepted('two'));
    expect(w.state.reads).toEqual({ current: 2, previous: 0 });
    expect(w.told).toEqual(['used one', 'outdated one current', 'used two', 'used two']);
  });

  it('whose old key still works is noticed by the ordinary refresh alone', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    expect(await w.send()).toEqual(accepted('one'));
    w.state.now += 61;
    await w.send();
    await settled();
    expect(await w.send()).toEqual(accepted('two'));
    expect(w.state.reads).toEqual({ current: 2, previous: 0 });
  });

  it('after a rotation, ten times within a minute, reads once each time', async () => {
    const w = world();
    await w.send();
    for (let n = 1; n <= 10; n += 1) {
      const [old] = w.calls.slice(-1);
      w.promote(makeKey(`rotated ${n}`));
      w.revoke(old ?? '');
      w.state.now += 1;
      expect(await w.send()).toEqual(accepted(old ?? '', `rotated ${n}`));
    }
    expect(w.state.reads).toEqual({ current: 11, previous: 0 });
  });

  it('that comes while a send shows the key of the one before is met by the same send', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    w.revoke('one');
    const before = async (): Promise<void> => {
      await settled();
      if (w.calls.at(-1) !== 'two' || typeof w.state.current !== 'object') return;
      if (w.state.current.versionId !== 'two') return;
      w.promote(makeKey('three'));
      w.revoke('two');
    };
    expect(await w.send({ before })).toEqual(accepted('one', 'two', 'three'));
    expect(await w.send()).toEqual(accepted('three'));
    expect(w.state.reads).toEqual({ current: 3, previous: 0 });
    expect(w.told).not.toContainEqual(expect.stringContaining('rejected'));
  });

  it('that outran the three keys of one send is met by the next, and not a minute later', async () => {
    const w = world();
    await w.send();
    let n = 0;
    const before = async (): Promise<void> => {
      n += 1;
      const [old] = w.calls.slice(-1);
      w.promote(makeKey(`rotated ${n}`));
      w.revoke(old ?? '');
      await settled();
    };
    expect(await w.send({ before })).toEqual(refused('one', 'rotated 1', 'rotated 2'));
    expect(await w.send()).toEqual(accepted('rotated 2', 'rotated 3'));
  });

  it('is survived twice by a worker that slept, and knows neither of the keys that are left', async () => {
    const w = world(makeKey('one'), makeKey('zero'));
    await w.send();
    w.promote(makeKey('two'));
    w.promote(makeKey('three'));
    w.revoke('one');
    w.revoke('two');
    expect(await w.send()).toEqual(accepted('one', 'three'));
  });

  it('is found by 500 sends that are refused at once with one read', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    w.revoke('one');
    const sends = await Promise.all(Array.from({ length: 500 }, () => w.send()));
    expect(new Set(sends.map(({ outcome }) => outcome.tag))).toEqual(new Set(['accepted']));
    expect(w.state.reads).toEqual({ current: 2, previous: 0 });
    expect(w.calls.filter((versionId) => versionId === 'one')).toHaveLength(501);
  });

  it('is not read again for a send whose refusal comes late', async () => {
    const w = world();
    await w.send();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = w.send({ before: () => held });
    w.promote(makeKey('two'));
    w.revoke('one');
    expect(await w.send()).toEqual(accepted('one', 'two'));
    letGo();
    expect(await slow).toEqual(accepted('one', 'two'));
    expect(w.state.reads).toEqual({ current: 2, previous: 0 });
  });

  it('is found although a refresh that read the old value is under way', async () => {
    const w = world();
    await w.send();
    w.state.now += 61;
    const old = w.state.current;
    const sending = w.send({
      answer: (versionId) => {
        if (versionId !== 'one') return { tag: 'accepted' };
        return keyRefused;
      },
    });
    // The refresh has begun with the old value; now it is replaced.
    await Promise.resolve();
    expect(w.state.current).toBe(old);
    w.promote(makeKey('two'));
    w.revoke('one');
    expect(await sending).toEqual(accepted('one', 'two'));
  });
});

describe('a wrong key that was promoted by hand', () => {
  it('costs one refused call a minute, and the previous key serves', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('wrong'), { works: false });
    w.state.now += 301;
    expect(await w.send()).toEqual(accepted('wrong', 'one'));
    for (let second = 0; second < 59; second += 1) {
      w.state.now += 1;
      expect(await w.send()).toEqual(accepted('one'));
    }
    w.state.now += 1;
    expect(await w.send()).toEqual(accepted('wrong', 'one'));
    expect(w.told.filter((line) => line.startsWith('rejected'))).toEqual([
      'rejected wrong current',
      'rejected wrong current',
    ]);
    // First, the refresh before use, and one out of turn for each refusal.
    expect(w.state.reads.current).toBe(4);
  });

  it('steps aside for a right one as soon as that is read', async () => {
    const w = world();
    w.promote(makeKey('wrong'), { works: false });
    w.state.now += 301;
    await w.send();
    w.promote(makeKey('right'));
    w.state.now += 61;
    await w.send();
    await settled();
    expect(await w.send()).toEqual(accepted('right'));
  });

  it('after a rotation that this worker missed is followed by the previous key of now', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    w.promote(makeKey('wrong'), { works: false });
    w.revoke('one');
    expect(await w.send()).toEqual(accepted('one', 'wrong', 'two'));
    expect(w.told).toContain('outdated one current');
    expect(w.told).toContain('rejected wrong current');
  });

  it('does not leave a worker with the previous key of an earlier current one', async () => {
    const w = world(makeKey('wrong'), makeKey('zero'));
    w.revoke('wrong');
    w.accept(w.state.previous);
    expect(await w.send()).toEqual(accepted('wrong', 'zero'));
    w.state.now += 20;
    w.promote(makeKey('one'));
    w.promote(makeKey('wrong again'), { works: false });
    w.revoke('zero');
    w.state.now += 40;
    expect(await w.send()).toEqual(accepted('wrong', 'wrong again', 'one'));
    expect(await w.send()).toEqual(accepted('one'));
  });
});

describe('a provider that refuses every key', () => {
  it('causes one read out of turn a minute, and one call for each send', async () => {
    const w = world(makeKey('one'), makeKey('zero'));
    w.revoke('one');
    expect(await w.send()).toEqual(refused('one', 'zero'));
    expect(w.state.reads).toEqual({ current: 2, previous: 1 });
    for (let second = 0; second < 58; second += 1) {
      w.state.now += 1;
      expect(await w.send()).toEqual(refused('one'));
    }
    expect(w.state.reads).toEqual({ current: 2, previous: 1 });
  });

  it('is noticed to accept again with the next send', async () => {
    const w = world();
    w.revoke('one');
    expect(await w.send()).toEqual(refused('one'));
    w.accept(w.state.current);
    expect(await w.send()).toEqual(accepted('one'));
  });

  it('now and then causes no more reads than that', async () => {
    const w = world();
    let n = 0;
    const answer = (): SendOutcome => (n++ % 2 === 0 ? keyRefused : { tag: 'accepted' });
    for (let second = 0; second < 58; second += 1) {
      await w.send({ answer });
      w.state.now += 1;
    }
    expect(w.state.reads.current).toBe(2);
  });

  it('is shown no previous key by a probe', async () => {
    const w = world(makeKey('one'), makeKey('zero'));
    w.revoke('one');
    w.accept(w.state.previous);
    expect(await w.send({ kind: 'probe' })).toEqual(refused('one'));
  });

  it('is shown a newer key by a probe: it may be the cure', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    w.revoke('one');
    expect(await w.send({ kind: 'probe' })).toEqual(accepted('one', 'two'));
  });

  it('is asked with three keys at most for one send, however fast they change', async () => {
    let made = 0;
    const nextKey = (): OfferedKey => {
      made += 1;
      return { ...makeKey(`${made}`), label: 'current' };
    };
    const nothing = (): void => undefined;
    const keys: Pick<KeyRing, 'another' | 'refused' | 'accepted'> = {
      another: async () => ({ key: nextKey(), unreadable: [] }),
      refused: nothing,
      accepted: nothing,
    };
    const shown: string[] = [];
    const { outcome } = await sendWithKeys(keys, {
      kind: 'ordinary',
      first: nextKey(),
      signal: neverOver,
      send: async (key) => {
        shown.push(key);
        return keyRefused;
      },
      remainingMs: () => plentyMs,
    });
    expect(outcome).toEqual(keyRefused);
    expect(new Set(shown).size).toBe(3);
    expect(shown).toHaveLength(3);
  });
});

describe('a value that is no key', () => {
  it.each(['malformed', 'empty', 'AccessDeniedException'] as const)(
    '(%s) never replaces a good one, for a day',
    async (reason) => {
      const w = world();
      await w.send();
      w.state.current = reason;
      for (let hour = 1; hour < 24; hour += 1) {
        w.state.now += 3_600;
        expect(await w.send()).toEqual(accepted('one'));
      }
      expect(w.told).toContain(`unreadable ${reason}`);
      w.state.now += 3_601;
      await expect(w.send()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN', reason });
    },
  );

  it('gives way to the previous key after that day', async () => {
    const w = world();
    await w.send();
    w.promote('malformed');
    w.state.now += 86_401;
    expect(await w.send()).toEqual(accepted('one'));
    expect(w.told).toContain('unreadable malformed');
  });

  it.each(['malformed', 'empty', 'AccessDeniedException'] as const)(
    '(%s) gives way to the previous key in a worker that knows no other, and is read again every ten seconds',
    async (reason) => {
      const w = world(reason, makeKey('zero'));
      w.accept(w.state.previous);
      expect(await w.send()).toEqual(accepted('zero'));
      expect(w.told).toEqual([`unreadable ${reason}`, 'used zero']);
      const before = w.state.reads.current;
      for (let second = 0; second < 9; second += 1) {
        w.state.now += 1;
        expect(await w.send()).toEqual(accepted('zero'));
      }
      expect(w.state.reads).toEqual({ current: before, previous: 1 });
      w.promote(makeKey('two'));
      w.state.now += 1;
      expect(await w.send()).toEqual(accepted('two'));
    },
  );

  it.each([undefined, 'malformed', 'AccessDeniedException'] as const)(
    'with %s before it is told as what it is, and no send is tried',
    async (previous) => {
      const w = world('malformed', previous);
      await expect(w.send()).rejects.toMatchObject({ dependency: 'SMS_SECRET_ARN', reason: 'malformed' });
      expect(w.calls).toEqual([]);
      w.state.current = makeKey('two');
      w.accept(w.state.current);
      expect(await w.send()).toEqual(accepted('two'));
    },
  );

  it('in place of the previous key is none', async () => {
    const w = world(makeKey('one'), 'malformed');
    w.revoke('one');
    expect(await w.send()).toEqual(refused('one'));
    const before = w.state.reads.previous;
    await w.send();
    await w.send();
    expect(w.state.reads.previous).toBe(before);
  });

  it('while the last good key is refused is read no more than once a minute', async () => {
    const w = world();
    await w.send();
    w.promote('malformed');
    w.revoke('one');
    for (let second = 0; second < 58; second += 1) {
      expect(await w.send()).toEqual(refused('one'));
      w.state.now += 1;
    }
    expect(w.state.reads.current).toBe(2);
  });
});

describe('Secrets Manager out of reach', () => {
  it('is asked again ten seconds after a read that a refusal had asked for', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    const two = w.state.current;
    w.revoke('one');
    w.state.current = 'AccessDeniedException';
    w.state.previous = 'AccessDeniedException';
    expect(await w.send()).toEqual(refused('one'));
    w.state.current = two;
    expect(await w.send()).toEqual(refused('one'));
    w.state.now += 10;
    expect(await w.send()).toEqual(accepted('one', 'two'));
  });

  it('does not make an answer late', async () => {
    const w = world();
    await w.send();
    w.revoke('one');
    w.state.current = 'hang';
    w.state.previous = 'hang';
    const startedAtMs = performance.now();
    expect(await w.send({ remainingMs: () => 1_100 })).toEqual(refused('one'));
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});

describe('a read of the keys', () => {
  const afterOver = (): AbortSignal => AbortSignal.abort();

  it('is told as unreadable by the request that began it alone, also where it was forced', async () => {
    const w = world();
    await w.send();
    w.state.current = 'AccessDeniedException';
    w.state.now += 61;
    expect(await w.send()).toEqual(accepted('one'));
    expect(await w.send()).toEqual(accepted('one'));
    expect(w.told.filter((line) => line.startsWith('unreadable'))).toEqual([
      'unreadable AccessDeniedException',
    ]);
    w.revoke('one');
    w.state.now += 5;
    expect(await w.send()).toEqual(refused('one'));
    expect(w.told.filter((line) => line.startsWith('unreadable'))).toHaveLength(2);
  });

  it('ends with its request, silently: it pauses nothing and is told to nobody', async () => {
    const w = world('hang');
    const ending = new AbortController();
    const of = w.of(ending.signal);
    const asked = of.get();
    asked.catch(() => undefined);
    await settled();
    ending.abort();
    w.state.current = makeKey('two');
    w.accept(w.state.current);
    expect(await w.send()).toEqual(accepted('two'));
    expect(w.told).toEqual(['used two']);
  });

  it('that a refusal asked for is forgotten with its request: the next one reads anew', async () => {
    const w = world();
    await w.send();
    w.promote('hang');
    const ending = new AbortController();
    const next = w.of(ending.signal);
    next.refused('one');
    const waiting = next.next(plentyMs);
    await settled();
    ending.abort();
    expect(await waiting).toBeUndefined();
    w.state.current = makeKey('two');
    w.state.now += 61;
    expect((await w.of(neverOver).get()).versionId).toBe('two');
  });

  it('that a refusal had no time for is made up by the next request, before it sends', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    w.revoke('one');
    expect(await w.send({ remainingMs: () => 900 })).toEqual(refused('one'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await w.send()).toEqual(accepted('two'));
  });

  it('gives nothing to a request that is over', async () => {
    const w = world('hang');
    expect(await w.of(afterOver()).next(plentyMs)).toBeUndefined();
  });
});

describe('one send', () => {
  it('is not tried again with too little time left', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    w.revoke('one');
    expect(await w.send({ remainingMs: () => 900 })).toEqual(refused('one'));
    expect(await w.send()).toEqual(accepted('two'));
  });

  it('leaves its read to the next request, which may begin in the moment in which that read ends', async () => {
    const w = world();
    await w.send();
    const two = makeKey('two');
    w.promote(two);
    w.state.current = 'hang';
    w.revoke('one');
    expect(await w.send({ remainingMs: () => 900 })).toEqual(refused('one'));
    w.state.current = two;
    expect(await w.send()).toEqual(accepted('two'));
  });

  it.each<SendOutcome>([
    { tag: 'unconfirmed' },
    { tag: 'failed', retryAfterSeconds: undefined },
    { tag: 'refused', cause: 'account', retryAfterSeconds: undefined },
    { tag: 'refused', cause: 'balance', retryAfterSeconds: undefined },
    { tag: 'refused', cause: 'unreachable', retryAfterSeconds: undefined },
    { tag: 'number-limited', retryAfterSeconds: 300 },
  ])('that ends as %j is never tried with another key', async (outcome) => {
    const w = world(makeKey('one'), makeKey('zero'));
    expect(await w.send({ answer: () => outcome })).toEqual({ outcome, shown: ['one'] });
    const isShown = outcome.tag !== 'refused' || outcome.cause !== 'unreachable';
    expect(w.told).toEqual(isShown ? ['used one'] : []);
    expect(w.state.reads).toEqual({ current: 1, previous: 0 });
  });

  it('that ends unclear with the second key is not tried with a third', async () => {
    const w = world();
    await w.send();
    w.promote(makeKey('two'));
    const answer = (versionId: string): SendOutcome =>
      versionId === 'one' ? keyRefused : { tag: 'unconfirmed' };
    expect(await w.send({ answer })).toEqual({ outcome: { tag: 'unconfirmed' }, shown: ['one', 'two'] });
  });
});

describe('the choice of a key', () => {
  const [one, zero] = [makeKey('one'), makeKey('zero')];
  const offered = (key: ProviderKey, label: OfferedKey['label']) => ({
    tag: 'offer',
    key: { ...key, label },
  });
  const spent = (key: ProviderKey, label: OfferedKey['label']) => ({ tag: 'spent', key: { ...key, label } });
  const read = (label: OfferedKey['label']) => ({ tag: 'read', label });

  it.each([
    ['nothing looked at', {}, [], read('current')],
    ['a current key', { current: one }, [], offered(one, 'current')],
    ['a current key that was refused', { current: one }, ['one'], read('previous')],
    ['a current key that cannot be read', { current: 'none' }, [], read('previous')],
    [
      'a previous key beside a refused one',
      { current: one, previous: zero },
      ['one'],
      offered(zero, 'previous'),
    ],
    ['two refused keys', { current: one, previous: zero }, ['one', 'zero'], spent(one, 'current')],
    ['a refused key alone', { current: one, previous: 'none' }, ['one'], spent(one, 'current')],
    ['a refused previous key alone', { current: 'none', previous: zero }, ['zero'], spent(zero, 'previous')],
    ['no key at all', { current: 'none', previous: 'none' }, [], { tag: 'spent', key: undefined }],
    ['a read put off', { current: 'postponed' }, [], read('previous')],
    [
      'a previous key while a read is put off',
      { current: 'postponed', previous: zero },
      [],
      offered(zero, 'previous'),
    ],
    ['a read put off, and nothing else', { current: 'postponed', previous: 'none' }, [], read('current')],
    [
      'a read put off, and a refused key',
      { current: 'postponed', previous: zero },
      ['zero'],
      read('current'),
    ],
  ] as const)('with %s', (_, known, refusedVersions, step) => {
    expect(nextKey(known, new Set<string>(refusedVersions))).toEqual(step);
  });
});
