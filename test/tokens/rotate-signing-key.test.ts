import { beforeAll, describe, expect, it } from 'vitest';
import { type RotationPorts, rotateSigningKey } from '../../functions/tokens/rotate-signing-key.ts';
import { generateSigningKey, tryKey } from '../../functions/tokens/rsa-key.ts';
import type { SigningKey, SigningKeySet } from '../../functions/tokens/signing-key-set.ts';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
let keys: Omit<SigningKey, 'activeFrom'>[];
beforeAll(async () => {
  keys = await Promise.all([generateSigningKey(), generateSigningKey(), generateSigningKey()]);
});

/** One secret in memory: versions with labels, as Secrets Manager keeps them. */
function secret() {
  const versions = new Map<string, { labels: string[]; keySet?: SigningKeySet }>([
    ['v0', { labels: ['AWSCURRENT'], keySet: { keys: [] } }],
  ]);
  const state = { published: undefined as string | undefined, now: 1_000_000, generated: 0 };
  const ports: RotationPorts = {
    now: () => state.now,
    longestTokenSeconds: 3600,
    labelsOf: async (id) => versions.get(id)?.labels,
    readCurrent: async () => {
      const [versionId, current] =
        [...versions].find(([, { labels }]) => labels.includes('AWSCURRENT')) ?? [];
      if (versionId === undefined || current?.keySet === undefined) throw new Error('empty');
      return { versionId, keySet: current.keySet };
    },
    readVersion: async (id) => versions.get(id)?.keySet,
    storePending: async (id, keySet) => {
      versions.set(id, { labels: versions.get(id)?.labels ?? [], keySet });
    },
    makeCurrent: async (id, previous) => {
      const [next, old] = [versions.get(id), versions.get(previous)];
      if (!next || !old?.labels.includes('AWSCURRENT')) throw new Error('not the current one');
      next.labels.push('AWSCURRENT');
      old.labels = ['AWSPREVIOUS'];
    },
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
