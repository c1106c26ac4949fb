import { expect, it } from 'vitest';
import { type Figure, markdownTable, missedGoals } from '../../bench/figure.ts';

const figure = (more: Partial<Figure>): Figure => ({
  id: 'P0',
  what: 'nothing',
  goal: '≤ 1',
  figure: '2',
  isMet: true,
  peers: '',
  method: '',
  ...more,
});

it('the page gives a sentence for each goal that is missed, and for no other', () => {
  const all = [
    figure({ ifMissed: 'Never said.' }),
    figure({ id: 'P1', isMet: false, ifMissed: 'Too slow.' }),
    figure({ id: 'P2', isMet: false }),
    figure({ id: 'P3', isMet: undefined, goal: '', ifMissed: 'Never said.' }),
  ];
  expect(missedGoals(all).split('\n')).toEqual([
    'Goals that are not met:',
    '',
    '- **P1, nothing: 2, goal ≤ 1.** Too slow.',
    expect.stringMatching(/^- \*\*P2, .*no reason is known yet\.$/),
  ]);
  expect(missedGoals([figure({})])).toBe('Every goal is met.');
});

it('the table says of a figure without a goal neither met nor not met', () => {
  const [, , met, missed, none] = markdownTable([
    figure({}),
    figure({ isMet: false }),
    figure({ isMet: undefined, goal: '' }),
  ]).split('\n');
  expect([met, missed, none].map((row) => row?.split(' | ')[4])).toEqual(['met', '**not met**', '']);
});
