import { describe, expect, it } from 'vitest';
import { identityState } from '../../bin/keys/identity.ts';
import { pendingIn } from '../../bin/keys/labels.ts';

const day = 86_400;
const first = Date.parse('2026-11-01T12:00:00Z') / 1000;
const version = (label: string, storedAt: number) => ({
  versionId: `v-${storedAt}`,
  labels: [label],
  storedAt,
});
const moved = [version('AWSCURRENT', first + 5 * day), version('AWSPREVIOUS', first)];

describe('the identity secret', () => {
  it('is unchanged while there is one value', () => {
    expect(identityState([version('AWSCURRENT', first)], first - 1)).toBe('unchanged, as it must be');
  });

  it('cries from the change to the next deployment, and not for ever', () => {
    expect(identityState(moved, first)).toMatch(/^HAS CHANGED on 2026-11-06, after the last deployment/);
    expect(identityState(moved, first + 5 * day - 1)).toMatch(/^HAS CHANGED/);
    for (const deployedAt of [first + 5 * day, first + 400 * day])
      expect(identityState(moved, deployedAt)).toBe(
        'another value since 2026-11-06, and deployed since then, as after a move',
      );
  });

  it('is as before once the label was moved back', () => {
    const back = [version('AWSCURRENT', first), version('AWSPREVIOUS', first + 5 * day)];
    expect(identityState(back, first - 1)).toBe('moved back to the value of 2026-11-01, as it must be');
  });

  it('is not called changed for a label of somebody else, and is called empty without a value', () => {
    expect(identityState([version('AWSCURRENT', first), version('BACKUP', first)], first)).toMatch(
      /^unchanged/,
    );
    expect(identityState([], first)).toMatch(/^HAS NO VALUE/);
  });
});

describe('a rotation', () => {
  it('is under way while its version is announced and not current', () => {
    const labels = (pending: readonly string[]) =>
      new Map<string, readonly string[]>([
        ['a', ['AWSCURRENT']],
        ['b', pending],
      ]);
    expect(pendingIn(labels(['AWSPENDING']))).toBe('b');
    expect(pendingIn(labels([]))).toBeUndefined();
    expect(pendingIn(new Map([['a', ['AWSCURRENT', 'AWSPENDING']]]))).toBeUndefined();
  });
});
