import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitSeconds } from '../../functions/limits/sliding-window.ts';
import { guessesPerDay } from '../../functions/settings/guessing-odds.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';

const required = { appName: 'Acme', audience: 'acme-app' };
const payment = { default: '11111111-1111-4111-8111-111111111111' };
const signIn = { default: '22222222-2222-4222-8222-222222222222' };

describe('settings', () => {
  it('have a default for everything but the name and the audience', () => {
    const settings = parseSettings(required);
    expect(settings.codeLifetimeSeconds).toBe(300);
    expect(settings.sendLimits.map((l) => `${l.count}/${l.windowSeconds}`)).toEqual([
      '1/30',
      '2/300',
      '3/600',
      '5/3600',
      '10/86400',
    ]);
    expect(settings.attemptLimits.map((l) => `${l.count}/${l.windowSeconds}`)).toEqual([
      '5/600',
      '10/3600',
      '20/86400',
    ]);
    expect(settings.sendsPerDay).toBe(10_000);
    expect(settings.tokenLifetimeSeconds).toBe(3600);
  });

  it('read the same again after a journey through JSON', () => {
    const settings = parseSettings({ ...required, smsTemplates: { 'sign-in': signIn, payment } });
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('name every wrong member at once, with what is allowed and what was given', () => {
    const wrong = () =>
      parseSettings({ ...required, sendsPerDay: 0, codeLifetimeSeconds: 90, tokenLifetimeSeconds: -1 });
    expect(wrong).toThrow(/sendsPerDay: expected at least 1 \(given: 0\)/);
    expect(wrong).toThrow(/codeLifetimeSeconds: expected whole minutes.* \(given: 90\)/);
    expect(wrong).toThrow(/tokenLifetimeSeconds: expected at least 60 \(given: -1\)/);
  });

  it('check what members must be together even when another member is wrong', () => {
    const wrong = () =>
      parseSettings({
        ...required,
        appName: 'A'.repeat(31),
        sendLimits: [{ count: 1, windowSeconds: 5 }],
        smsTemplates: { payment },
        tokenLifetimeSecondsByPurpose: { other: 60 },
      });
    for (const line of [
      'appName: expected at most 30 characters',
      'sendLimits: expected a limit of one send in at least 10 s',
      'sendLimits: expected at most two sends within codeLifetimeSeconds',
      'smsTemplates: expected templates for "sign-in"',
      'tokenLifetimeSecondsByPurpose: expected only purposes',
    ]) {
      expect(wrong).toThrow(line);
    }
  });

  it.each([
    ['no name', { audience: 'a' }],
    ['an unknown member', { ...required, sendsPerWeek: 5 }],
    ['a name that is a URL', { ...required, appName: 'acme.com' }],
    ['a name with a run of digits', { ...required, appName: 'Acme 2026' }],
    ['a name outside GSM-7', { ...required, appName: 'Ácme ✓' }],
    ['a name above 30 characters', { ...required, appName: 'A'.repeat(31) }],
    ['a name with a space around it', { ...required, appName: ' Acme' }],
    ['an audience with a space', { ...required, audience: 'a b' }],
    ['zero sends a day', { ...required, sendsPerDay: 0 }],
    ['a negative window', { ...required, attemptLimits: [{ count: 5, windowSeconds: -1 }] }],
    ['NaN', { ...required, sendsPerDay: Number.NaN }],
    ['infinity', { ...required, sendsPerDay: Number.POSITIVE_INFINITY }],
    ['half a send', { ...required, sendsPerDay: 1.5 }],
    ['a limit as a string', { ...required, sendsPerDay: '10' }],
    ['a lifetime above ten minutes', { ...required, codeLifetimeSeconds: 660 }],
    ['a lifetime below a minute', { ...required, codeLifetimeSeconds: 0 }],
    ['a lifetime of no whole minutes', { ...required, codeLifetimeSeconds: 301 }],
    ['a k above the register', { ...required, attemptLimits: [{ count: 21, windowSeconds: 60 }] }],
    ['no limit at all', { ...required, attemptLimits: [] }],
    ['no one-send limit', { ...required, sendLimits: [{ count: 2, windowSeconds: 600 }] }],
    [
      'a one-send limit below 10 s',
      {
        ...required,
        sendLimits: [
          { count: 1, windowSeconds: 9 },
          { count: 2, windowSeconds: 600 },
        ],
      },
    ],
    [
      'three sends within a lifetime',
      {
        ...required,
        sendLimits: [
          { count: 1, windowSeconds: 30 },
          { count: 3, windowSeconds: 300 },
        ],
      },
    ],
    ['a lifetime longer than the window of two', { ...required, codeLifetimeSeconds: 600 }],
    ['no template for sign-in', { ...required, smsTemplates: { payment } }],
    [
      'a purpose with the text of another',
      { ...required, smsTemplates: { 'sign-in': signIn, payment: signIn } },
    ],
    ['a purpose in capitals', { ...required, smsTemplates: { 'sign-in': signIn, Payment: payment } }],
    ['a template id that is no UUID', { ...required, smsTemplates: { 'sign-in': { default: '12345' } } }],
    ['a lifetime for an unknown purpose', { ...required, tokenLifetimeSecondsByPurpose: { payment: 60 } }],
  ])('are refused with %s', (_, settings) => {
    expect(() => parseSettings(settings)).toThrow(TypeError);
  });

  it('allow two sends within a lifetime, to the second', () => {
    const limits = (windowSeconds: number) => [
      { count: 1, windowSeconds: 10 },
      { count: 2, windowSeconds },
    ];
    expect(() => parseSettings({ ...required, sendLimits: limits(299) })).toThrow(/two slots/);
    expect(parseSettings({ ...required, sendLimits: limits(300) }).codeLifetimeSeconds).toBe(300);
  });

  it.each(['__proto__', 'prototype', 'constructor'])(
    'refuse a purpose named %s, and never drop it',
    (name) => {
      const smsTemplates = JSON.parse(
        `{"sign-in":${JSON.stringify(signIn)},"${name}":${JSON.stringify(payment)}}`,
      );
      expect(() => parseSettings({ ...required, smsTemplates })).toThrow(
        `smsTemplates.${name}: expected another`,
      );
      const tokenLifetimeSecondsByPurpose = JSON.parse(`{"${name}":60}`);
      expect(() => parseSettings({ ...required, tokenLifetimeSecondsByPurpose })).toThrow(
        `tokenLifetimeSecondsByPurpose.${name}: expected another`,
      );
      expect(() => parseSettings({ ...required, session: sessionFor(name) })).toThrow(
        'session: expected only purposes',
      );
    },
  );

  it.each(['smsTemplates', 'tokenLifetimeSecondsByPurpose'])(
    'refuse a list as %s: read as a record it is empty',
    (name) => {
      for (const list of [[], [{ default: signIn.default }]])
        expect(() => parseSettings({ ...required, [name]: list })).toThrow(`  ${name}: expected`);
    },
  );

  it.each(['constructor', 'prototype'])('refuse %s as the header of an attestation', (headerName) => {
    const { purposes: _, ...issuer } = sessionFor('sign-in');
    const attestation = { ...issuer, headerName, apps: { android: { mode: 'off' } } };
    expect(() => parseSettings({ ...required, attestation })).toThrow('attestation.headerName: expected');
  });

  it.each([
    [
      'an hour above its day',
      { sendsPerDay: 100, sendsPerHour: 101 },
      'sendsPerHour: expected at most sendsPerDay',
    ],
    [
      'strangers above attested apps',
      { strangersBudgetPercent: 91 },
      'strangersBudgetPercent: expected at most attestedBudgetPercent',
    ],
    [
      'an enforced breaker that no hour reaches',
      { sendsPerHour: 250, conversionBreaker: { mode: 'enforce', minSendsPerHour: 200 } },
      'conversionBreaker: expected minSendsPerHour below',
    ],
  ])('that contradict each other are refused: %s', (_, contradiction, line) => {
    expect(() => parseSettings({ ...required, ...contradiction })).toThrow(line);
  });

  it('name every contradiction at once', () => {
    const wrong = () =>
      parseSettings({
        ...required,
        sendsPerDay: 100,
        sendsPerHour: 101,
        strangersBudgetPercent: 95,
        conversionBreaker: { mode: 'enforce', minSendsPerHour: 1000 },
        testNumbersUntil: 'tomorrow',
      });
    for (const name of ['sendsPerHour', 'strangersBudgetPercent', 'conversionBreaker', 'testNumbersUntil']) {
      expect(wrong).toThrow(`  ${name}: expected`);
    }
  });

  it('take a breaker that the hour reaches, and one that only observes', () => {
    for (const conversionBreaker of [
      { mode: 'enforce', minSendsPerHour: 199 } as const,
      { mode: 'observe', minSendsPerHour: 1000 } as const,
    ]) {
      expect(parseSettings({ ...required, sendsPerHour: 250, conversionBreaker }).sendsPerHour).toBe(250);
    }
  });
});

describe('limits on guesses', () => {
  const refusal = (settings: object): string => {
    try {
      parseSettings({ ...required, ...settings });
    } catch (error) {
      if (error instanceof TypeError) return error.message;
      throw error;
    }
    return 'accepted';
  };
  const limit = (count: number, windowSeconds: number) => ({ count, windowSeconds });

  it('that let every code be guessed are refused with the odds of a day', () => {
    const message = refusal({ attemptLimits: [limit(20, 1)] });
    expect(message).toContain('attemptLimits: expected at most 1,000 guesses at one number in 24 h');
    expect(message).toContain('these let 1,728,000 through, odds of 1 in 1 ');
  });

  it.each([
    [limit(20, 60), '28,800', '1 in 34'],
    [limit(20, 600), '2,880', '1 in 347'],
    [limit(1, 86), '1,005', '1 in 995'],
    [limit(20, 1727), '1,020', '1 in 980'],
  ])('are refused by the odds: %j', (wide, guesses, odds) => {
    expect(refusal({ attemptLimits: [wide] })).toContain(`these let ${guesses} through, odds of ${odds} `);
  });

  it.each([
    [[limit(20, 1728)]],
    [[limit(1, 87)]],
    [[limit(5, 600)]],
    [[limit(20, 604_800)]],
    [[limit(20, 1), limit(20, 86_400)]],
    [[limit(20, 86_400), limit(20, 1)]],
  ])('are taken up to a thousand guesses a day: %j', (attemptLimits) => {
    expect(refusal({ attemptLimits })).toBe('accepted');
  });

  it('count what a sliding window really lets through', () => {
    const limits = fc.array(
      fc.record({
        count: fc.integer({ min: 1, max: 20 }),
        windowSeconds: fc.integer({ min: 600, max: 90_000 }),
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(limits, (attemptLimits) => {
        // Somebody who guesses whenever they may, for a day.
        const tried: number[] = [];
        const start = 1_800_000_000;
        for (let now = start; now < start + 86_400; ) {
          const wait = waitSeconds(attemptLimits, tried, now);
          if (wait === 0) tried.unshift(now);
          else now += wait;
        }
        expect(tried.length).toBeLessThanOrEqual(guessesPerDay(attemptLimits));
        if (attemptLimits.length === 1) expect(tried).toHaveLength(guessesPerDay(attemptLimits));
      }),
      { numRuns: 300 },
    );
  });

  it('over all numbers may give away one account a day, and are refused with how many it would be', () => {
    const message = refusal({ guessBreaker: { mode: 'enforce', wrongGuessesPerHour: 10_000_000 } });
    expect(message).toContain('guessBreaker: expected at most 1 account a day to fall');
    expect(message).toContain('this breaker gives away 240');
    const edge = { trickleSeconds: 3600, wrongGuessesPerHour: 41_665 };
    for (const mode of ['observe', 'enforce']) {
      expect(refusal({ guessBreaker: { ...edge, mode } })).toBe('accepted');
      expect(refusal({ guessBreaker: { ...edge, mode, wrongGuessesPerHour: 41_666 } })).toContain(
        'guessBreaker',
      );
    }
    expect(refusal({ guessBreaker: { mode: 'off', wrongGuessesPerHour: 10_000_000 } })).toBe('accepted');
  });
});

describe('an enforced conversion breaker', () => {
  const settings = (trickleSeconds: number) => ({
    ...required,
    sendsPerHour: 250,
    conversionBreaker: { mode: 'enforce' as const, minSendsPerHour: 100, trickleSeconds },
  });

  it('is refused where it sends, while open, what strangers may have anyway', () => {
    // Strangers may have 200 in that hour.
    expect(() => parseSettings(settings(18))).toThrow(
      'conversionBreaker: expected fewer sends by trickleSeconds',
    );
    expect(parseSettings(settings(19)).conversionBreaker.trickleSeconds).toBe(19);
  });

  it('says nothing of a trickle where it only observes', () => {
    const { conversionBreaker, ...others } = settings(1);
    const observing = { ...conversionBreaker, mode: 'observe' as const };
    expect(parseSettings({ ...others, conversionBreaker: observing }).sendsPerHour).toBe(250);
  });
});
