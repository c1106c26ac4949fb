import { describe, expect, it } from 'vitest';
import { notBeforeSeconds } from '../../functions/settings/session-settings.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { longestTokenSeconds } from '../../functions/tokens/access-token.ts';

const required = { appName: 'Acme', audience: 'acme-app' };
const parsed = (sessions: unknown) => parseSettings({ ...required, sessions }).sessions;
function refusal(sessions: unknown): string {
  try {
    parsed(sessions);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return 'accepted';
}

const defaults = {
  accessTokenSeconds: 900,
  idleDays: 60,
  absoluteDays: 180,
  perNumber: 8,
  inBrowsers: false,
};

describe('the settings of sessions', () => {
  it('have a default for everything, and sessions by default', () => {
    expect(parseSettings(required).sessions).toEqual(defaults);
    expect(parsed({})).toEqual(defaults);
    expect(parsed({ perNumber: 1 })).toEqual({ ...defaults, perNumber: 1 });
  });

  it('are off in one word, and stay off after a journey through JSON', () => {
    for (const sessions of ['off', { idleDays: 30, notBefore: '2026-11-26T05:00:00Z' }] as const) {
      const settings = parseSettings({ ...required, sessions });
      expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    }
    expect(parsed('off')).toBe('off');
  });

  it.each(['on', 'Off', '', null, true, false, 0, [], ['off']])('refuse %j', (sessions) => {
    expect(refusal(sessions)).toContain('  sessions: expected "off", or an object');
  });

  it.each([
    ['accessTokenSeconds', 60, 3600],
    ['idleDays', 1, 364],
    ['absoluteDays', 60, 365],
    ['perNumber', 1, 10],
  ])('keep %s between %d and %d', (name, least, most) => {
    const over = name === 'idleDays' ? { absoluteDays: 365 } : {};
    for (const value of [least, most]) expect(refusal({ ...over, [name]: value })).toBe('accepted');
    for (const value of [0, -1, 1.5, most + 1, Number.NaN, String(most), null])
      expect(refusal({ ...over, [name]: value }), `${name}: ${value}`).toContain(
        `  sessions.${name}: expected`,
      );
  });

  it('refuse a session that would be over before it is idle', () => {
    expect(refusal({ idleDays: 31, absoluteDays: 30 })).toContain(
      '  sessions.idleDays: expected at most absoluteDays',
    );
    expect(refusal({ absoluteDays: 59 })).toContain('  sessions.idleDays: expected at most absoluteDays');
    expect(refusal({ idleDays: 30, absoluteDays: 30 })).toBe('accepted');
    // The settings that the design gives to a bank.
    expect(refusal({ accessTokenSeconds: 300, idleDays: 1, absoluteDays: 30, perNumber: 1 })).toBe(
      'accepted',
    );
  });

  it('refuse an unknown member, and a browser setting that is no boolean', () => {
    expect(refusal({ idleDay: 30 })).toContain('  sessions.idleDay: unknown');
    expect(refusal({ inBrowsers: 'yes' })).toContain('  sessions.inBrowsers: expected true or false');
  });

  it.each([
    '2026-11-26',
    '2026-11-26T05:00:00',
    '2026-11-26T05:00:00+05:30',
    '2026-11-26T05:00:00.000Z',
    '2026-11-26T24:00:00Z',
    '2026-11-26T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '1999-12-31T00:00:00Z',
    ' 2026-11-26T05:00:00Z',
    1764133200,
    '',
  ])('refuse %j as notBefore', (notBefore) => {
    expect(refusal({ notBefore })).toContain('  sessions.notBefore: expected');
  });

  it('read notBefore as epoch seconds, and none as the beginning of time', () => {
    expect(notBeforeSeconds({ notBefore: '2026-11-26T05:00:00Z' })).toBe(1_795_669_200);
    expect(notBeforeSeconds({ notBefore: '2028-02-29T00:00:00Z' })).toBe(1_835_395_200);
    expect(notBeforeSeconds({})).toBe(0);
  });
});

describe('a signing key', () => {
  it('outlives the access tokens of sessions', () => {
    const longest = (settings: object) => longestTokenSeconds(parseSettings({ ...required, ...settings }));
    expect(longest({})).toBe(3600);
    expect(longest({ tokenLifetimeSeconds: 60 })).toBe(900);
    expect(longest({ tokenLifetimeSeconds: 60, sessions: { accessTokenSeconds: 3600 } })).toBe(3600);
    expect(longest({ tokenLifetimeSeconds: 60, sessions: 'off' })).toBe(60);
  });
});
