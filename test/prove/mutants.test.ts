/** The mutants are tried by `npm run mutate`; here only that each still finds what it changes. */
import { describe, expect, it } from 'vitest';
import { bugs } from '../../prove/mutants/bugs.ts';
import { byHand } from '../../prove/mutants/by-hand.ts';
import { ofSessions } from '../../prove/mutants/of-sessions.ts';
import { checkChanges } from '../../prove/mutants/workspace.ts';

describe('each change', () => {
  it.each([...byHand, ...ofSessions, ...bugs])('of “$name” finds its place', ({ changes }) => {
    expect(() => checkChanges(changes)).not.toThrow();
  });

  it('that finds none, or two, says so', () => {
    const file = 'functions/settings/fixed-numbers.ts';
    expect(() => checkChanges([{ file, from: 'not in it', to: '' }])).toThrow('has to be mended');
    expect(() => checkChanges([{ file, from: 'export const', to: '' }])).toThrow('has to be mended');
  });
});
