/** The languages: each says something of its own about each reason, and counts what is left. */
import { describe, expect, it } from 'vitest';
import { hindi } from '../../../clients/react-native/src/hindi.ts';
import type { Texts } from '../../../clients/react-native/src/language.ts';
import type { Reason } from '../../../clients/react-native/src/notice.ts';
import { english } from '../../../clients/react-native/src/texts.ts';

const reasons = Object.keys({
  'invalid-number': 1,
  'malformed-code': 1,
  'incorrect-code': 1,
  'expired-code': 1,
  unconfirmed: 1,
  offline: 1,
  timeout: 1,
  'captive-portal': 1,
  busy: 1,
  blocked: 1,
  'wrong-address': 1,
  'too-many-requests': 1,
  'too-many-attempts': 1,
  unavailable: 1,
  'verify-unavailable': 1,
  unauthorized: 1,
  'app-not-attested': 1,
  'server-fault': 1,
  'invalid-request': 1,
  'headers-failed': 1,
  'app-fault': 1,
  unknown: 1,
} satisfies Record<Reason, 1>) as Reason[];

const languages: readonly (readonly [string, Texts])[] = [
  ['English', english],
  ['Hindi', hindi],
];

describe.each(languages)('%s', (_, texts) => {
  it('has a sentence of its own for each reason', () => {
    const sentences = reasons.map((reason) => texts.notice({ reason }));
    expect(new Set(sentences).size).toBe(reasons.length);
    for (const sentence of sentences) expect(sentence).toMatch(/[.।]$/);
  });

  it('says how long a wait is, and how many attempts are left', () => {
    const until = { atMs: 0, seconds: 3900 };
    for (const reason of [
      'too-many-requests',
      'too-many-attempts',
      'unavailable',
      'verify-unavailable',
    ] as const)
      expect(texts.notice({ reason, until })).toContain(texts.duration(3900));
    const left = [undefined, 0, 1, 4].map((attemptsRemaining) =>
      texts.notice({ reason: 'incorrect-code', attemptsRemaining }),
    );
    expect(new Set(left).size).toBe(4);
    expect(left[3]).toContain('4');
  });

  it('shows the number in one line, from left to right', () => {
    expect(texts.codeHint('+919876543210')).toContain('\u2066+91\u00a098765\u00a043210\u2069');
  });

  it('speaks of sending only where something is sent', () => {
    const said = texts.notice({ reason: 'verify-unavailable' });
    expect(said).not.toMatch(/sent|भेजे/);
  });
});

it('says whole hours without minutes', () => {
  expect([3600, 3659, 3660, 7200].map(english.duration)).toEqual(['1 h', '1 h', '1 h 1 min', '2 h']);
  expect([3600, 3660, 7200].map(hindi.duration)).toEqual(['1 घंटा', '1 घंटा 1 मिनट', '2 घंटे']);
});

it('Hindi is Hindi', () => {
  const words = reasons.map((reason) => hindi.notice({ reason }));
  const plain = Object.values(hindi).filter((text) => typeof text === 'string');
  for (const text of [...words, ...plain, hindi.duration(3700)]) expect(text).toMatch(/[\u0900-\u097f]/);
});
