import { beforeAll, describe, expect, it } from 'vitest';
import {
  type RotationStep,
  rotateSecret,
  type SecretVersions,
} from '../../functions/rotation/rotate-secret.ts';
import {
  replaceSigningKeyNow as replaceNow,
  type SigningKeyPorts,
  signingKeyRotation,
} from '../../functions/rotation/signing-key-rotation.ts';
import { generateSigningKey, tryKey } from '../../functions/tokens/rsa-key.ts';
import { type SigningKey, type SigningKeySet, signerAt } from '../../functions/tokens/signing-key-set.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
let keys: Omit<SigningKey, 'activeFrom'>[];
beforeAll(async () => {
  keys = await Promise.all([generateSigningKey(), generateSigningKey(), generateSigningKey()]);
});

/** The secret and all that the rotation needs beside it. */
interface Ports extends SecretVersions, SigningKeyPorts {
  readonly readCurrent: () => Promise<{ readonly versionId: string; readonly keySet: SigningKeySet }>;
}

const rotateSigningKey = (ports: Ports, step: RotationStep, versionId: string): Promise<void> =>
  rotateSecret(ports, signingKeyRotation(ports, ports), { step, versionId });

const replaceSigningKeyNow = (ports: Ports, versionId: string, withdrawn: readonly string[]) =>
  replaceNow(ports, ports, { versionId, withdrawn });

/** One secret in memory: versions with labels, as Secrets Manager keeps them. */
function secret() {
  const versions = new Map<string, { labels: string[]; keySet?: SigningKeySet }>([
    ['v0', { labels: ['AWSCURRENT'], keySet: { keys: [] } }],
  ]);
  const state = { published: undefined as string | undefined, now: 1_000_000, generated: 0 };
  const ports: Ports = {
    readCurrent: async () => {
      const [versionId, current] =
        [...versions].find(([, { labels }]) => labels.includes('AWSCURRENT')) ?? [];
      if (versionId === undefined || current?.keySet === undefined) throw new Error('empty');
      return { versionId, keySet: current.keySet };
    },
    labels: async () => new Map([...versions].map(([id, { labels }]) => [id, labels])),
    read: async (id) => {
      const keySet = versions.get(id)?.keySet;
      return keySet && JSON.stringify(keySet);
    },
    storePending: async (id, value) => {
      versions.set(id, { labels: versions.get(id)?.labels ?? ['AWSPENDING'], keySet: JSON.parse(value) });
    },
    moveLabel: async (label, { to, from }) => {
      const [next, old] = [versions.get(to ?? ''), versions.get(from ?? '')];
      if (!old?.labels.includes(label)) throw new Error('not the current one');
      old.labels = old.labels.filter((own) => own !== label);
      if (label !== 'AWSCURRENT') return;
      if (!next) throw new Error('no such version');
      next.labels.push('AWSCURRENT');
      old.labels = ['AWSPREVIOUS'];
    },
    now: () => state.now,
    longestTokenSeconds: 3600,
    publish: async (jwks) => {
      state.published = jwks;
    },
    readPublished: async () => state.published,
    generateKey: async () => {
      const key = keys[state.generated % keys.length];
      state.generated += 1;
      if (key === undefined) throw new Error('no key');
      return key;
    },
    tryKey,
  };
  const start = (id: string) => versions.set(id, { labels: ['AWSPENDING'] });
  const run = async (id: string) => {
    for (const step of steps) await rotateSigningKey(ports, step, id);
  };
  return { versions, state, ports, start, run };
}

describe('rotating the signing keys', () => {
  it('makes the first key, publishes it before it becomes current, and signs at once', async () => {
    const s = secret();
    s.start('v1');
    for (const step of ['createSecret', 'setSecret'] as const) await rotateSigningKey(s.ports, step, 'v1');
    expect(s.state.published).toContain(keys[0]?.kid);
    expect((await s.ports.readCurrent()).versionId).toBe('v0');
    for (const step of ['testSecret', 'finishSecret'] as const) await rotateSigningKey(s.ports, step, 'v1');
    const { versionId, keySet } = await s.ports.readCurrent();
    expect(versionId).toBe('v1');
    expect(keySet.keys.map((k) => k.activeFrom)).toEqual([s.state.now]);
  });

  it('may repeat every step and still makes one key', async () => {
    const s = secret();
    s.start('v1');
    for (const step of steps) {
      await rotateSigningKey(s.ports, step, 'v1');
      await rotateSigningKey(s.ports, step, 'v1');
    }
    expect(s.state.generated).toBe(1);
    expect((await s.ports.readCurrent()).keySet.keys).toHaveLength(1);
  });

  it('keeps the old key beside the new one, in the set and in what is published', async () => {
    const s = secret();
    s.start('v1');
    await s.run('v1');
    s.start('v2');
    await s.run('v2');
    expect((await s.ports.readCurrent()).keySet.keys.map((k) => k.kid)).toEqual([keys[0]?.kid, keys[1]?.kid]);
    for (const kid of [keys[0]?.kid, keys[1]?.kid]) expect(s.state.published).toContain(kid);
  });

  it('refuses a pending set that was built before another rotation finished', async () => {
    const s = secret();
    s.start('v1');
    s.start('v2');
    await rotateSigningKey(s.ports, 'createSecret', 'v1');
    await s.run('v2');
    await expect(rotateSigningKey(s.ports, 'finishSecret', 'v1')).rejects.toThrow(/older one/);
    expect((await s.ports.readCurrent()).versionId).toBe('v2');
    expect(s.versions.get('v1')?.labels).toEqual([]);
  });

  it('tests what is published although the set is the one in use, because a key of it waits', async () => {
    const s = secret();
    for (const id of ['v1', 'v2']) {
      s.start(id);
      await s.run(id);
    }
    s.start('v3');
    for (const step of ['createSecret', 'setSecret'] as const) await rotateSigningKey(s.ports, step, 'v3');
    s.state.published = undefined;
    await expect(rotateSigningKey(s.ports, 'testSecret', 'v3')).rejects.toThrow(/nothing was published/);
  });

  it('makes no other key while one waits to become active', async () => {
    const s = secret();
    for (const id of ['v1', 'v2', 'v3', 'v4']) {
      s.start(id);
      await s.run(id);
    }
    expect(s.state.generated).toBe(2);
    expect((await s.ports.readCurrent()).keySet.keys).toHaveLength(2);
    s.state.now += 2 * 3600 + 900;
    s.start('v5');
    await s.run('v5');
    expect(s.state.generated).toBe(3);
  });

  it('refuses a version that it does not know or that is not pending', async () => {
    const s = secret();
    await expect(rotateSigningKey(s.ports, 'createSecret', 'v9')).rejects.toThrow(/no version/);
    s.versions.set('v8', { labels: [] });
    await expect(rotateSigningKey(s.ports, 'createSecret', 'v8')).rejects.toThrow(/not pending/);
    s.start('v1');
    await expect(rotateSigningKey(s.ports, 'setSecret', 'v1')).rejects.toThrow(/createSecret did not run/);
  });

  it('refuses to test a key that was not published', async () => {
    const s = secret();
    s.start('v1');
    await rotateSigningKey(s.ports, 'createSecret', 'v1');
    await expect(rotateSigningKey(s.ports, 'testSecret', 'v1')).rejects.toThrow(/nothing was published/);
  });
});

describe('a key that does not work', () => {
  it.each(['createSecret', 'setSecret'] as const)(
    'does not get past the test, nor become current (damaged after %s)',
    async (after) => {
      const { versions, state, ports, start, run } = secret();
      start('v1');
      await run('v1');
      start('v2');
      state.now += 100_000;
      for (const step of steps) {
        if (step === 'testSecret') {
          await expect(rotateSigningKey(ports, step, 'v2')).rejects.toThrow();
          break;
        }
        await rotateSigningKey(ports, step, 'v2');
        const pending = versions.get('v2');
        const [old, made] = pending?.keySet?.keys ?? [];
        if (step !== after || old === undefined || made === undefined) continue;
        // The older key: the one that was made just now works.
        const mixed = { ...old, jwk: { ...made.jwk, n: old.jwk.n } };
        versions.set('v2', { labels: ['AWSPENDING'], keySet: { keys: [mixed, made] } });
      }
      expect(versions.get('v1')?.labels).toContain('AWSCURRENT');
    },
  );
});

describe('replacing the signing key at once', () => {
  it('that loses against another run leaves what is in use, in the secret and published', async () => {
    const s = await rotated();
    const moveLabel: SecretVersions['moveLabel'] = async (label, move) => {
      if (label === 'AWSCURRENT') throw new Error('not the current one');
      await s.ports.moveLabel(label, move);
    };
    await expect(replaceSigningKeyNow({ ...s.ports, moveLabel }, 'v2', [])).rejects.toThrow(
      /not the current/,
    );
    expect((await s.ports.readCurrent()).versionId).toBe('v1');
    expect(s.state.published).toContain(keys[0]?.kid);
    expect(s.state.published).not.toContain(keys[1]?.kid);
    expect(s.versions.get('v2')?.labels).toEqual([]);
  });

  it('that another run overtakes after it was made does not lose the key of that run', async () => {
    const s = await rotated();
    const { keySet } = await s.ports.readCurrent();
    const publish = async (jwks: string) => {
      if (s.versions.get('v1')?.labels.includes('AWSCURRENT')) {
        s.versions.set('v3', { labels: ['AWSPENDING'], keySet });
        await s.ports.moveLabel('AWSCURRENT', { to: 'v3', from: 'v1' });
      }
      await s.ports.publish(jwks);
    };
    await expect(replaceSigningKeyNow({ ...s.ports, publish }, 'v2', [])).rejects.toMatchObject({
      reason: 'outdated',
    });
    expect((await s.ports.readCurrent()).versionId).toBe('v3');
    expect(s.state.published).toContain(keys[0]?.kid);
    expect(s.state.published).not.toContain(keys[1]?.kid);
  });

  const rotated = async () => {
    const s = secret();
    s.start('v1');
    await s.run('v1');
    return s;
  };

  it('publishes a new key and signs with it in the same second; the old one stays for its tokens', async () => {
    const s = await rotated();
    await replaceSigningKeyNow(s.ports, 'v2', []);
    const { versionId, keySet } = await s.ports.readCurrent();
    expect(versionId).toBe('v2');
    expect(signerAt(keySet, s.state.now)?.kid).toBe(keys[1]?.kid);
    for (const key of keys.slice(0, 2)) expect(s.state.published).toContain(key.kid);
  });

  it('withdraws a leaked key from the secret and from what is published', async () => {
    const s = await rotated();
    await replaceSigningKeyNow(s.ports, 'v2', [keys[0]?.kid ?? '']);
    expect((await s.ports.readCurrent()).keySet.keys.map(({ kid }) => kid)).toEqual([keys[1]?.kid]);
    expect(s.state.published).not.toContain(keys[0]?.kid);
  });

  it('drops a key that waits: nobody shall become active behind its back', async () => {
    const s = await rotated();
    s.start('v2');
    await s.run('v2');
    await replaceSigningKeyNow(s.ports, 'v3', []);
    expect((await s.ports.readCurrent()).keySet.keys.map(({ kid }) => kid)).toEqual([
      keys[0]?.kid,
      keys[2]?.kid,
    ]);
  });

  it('refuses a kid that no key has, and changes nothing', async () => {
    const s = await rotated();
    const before = [s.state.published, await s.ports.readCurrent()];
    await expect(replaceSigningKeyNow(s.ports, 'v2', ['other'])).rejects.toThrow(/no signing key/);
    expect([s.state.published, await s.ports.readCurrent()]).toEqual(before);
  });

  it('makes a rotation that is under way give up, with the withdrawn key in its set', async () => {
    const s = await rotated();
    s.start('v2');
    for (const step of ['createSecret', 'setSecret', 'testSecret'] as const)
      await rotateSigningKey(s.ports, step, 'v2');
    await replaceSigningKeyNow(s.ports, 'v3', [keys[0]?.kid ?? '']);
    await expect(rotateSigningKey(s.ports, 'finishSecret', 'v2')).rejects.toThrow(/older one/);
    expect(s.state.published).not.toContain(keys[0]?.kid);
    expect(s.versions.get('v2')?.labels).toEqual([]);
    expect((await s.ports.readCurrent()).versionId).toBe('v3');
  });
});
