import { describe, expect, it } from 'vitest';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import { parseStackSettings } from '../../lib/settings/stack-settings.ts';

const english = '11111111-1111-4111-8111-111111111111';
const hindi = '22222222-2222-4222-8222-222222222222';
const smsTemplates = { 'sign-in': { default: english, locales: { hi: { default: hindi } } } };

const parse = (smsTexts: DoorcodeStackProps['smsTexts'], more: Partial<DoorcodeStackProps> = {}) =>
  parseStackSettings({ appName: 'Acme', audience: 'acme', smsTemplates, smsTexts: smsTexts ?? {}, ...more });
const refusal = (smsTexts: object): string => {
  try {
    parse(smsTexts as DoorcodeStackProps['smsTexts']);
    return 'accepted';
  } catch (error) {
    return String(error);
  }
};

const shortHindi = '{otp} आपका {appName} कोड है। {expiry} मिनट तक मान्य। किसी को न बताएँ।';
const longHindi =
  '{otp} आपका {appName} सत्यापन कोड है। यह {expiry} मिनट तक मान्य है। कृपया इसे किसी के साथ साझा न करें।';

describe('the text of a template', () => {
  it('may have one segment: 160 characters, or 70 in Hindi', () => {
    const text = '{otp} is your {appName} code, valid for {expiry} minutes. Do not share it.';
    expect(refusal({ [english]: { text }, [hindi]: { text: shortHindi } })).toBe('accepted');
  });

  it('that costs more says how much, and by which character', () => {
    const message = refusal({ [hindi]: { text: longHindi } });
    expect(message).toContain(`smsTexts.${hindi}: expected a text of one segment`);
    expect(message).toMatch(/this one has \d+ characters of UCS-2, because of "आ", where one segment has 70/);
    expect(message).toContain('each SMS costs 2 segments');
    expect(refusal({ [english]: { text: `{otp}${'a'.repeat(155)}` } })).toMatch(
      /this one has 161 characters of GSM-7, where one segment has 160, and each SMS costs 2 segments/,
    );
  });

  it('may cost more where the adopter accepts it, and no more than that', () => {
    expect(refusal({ [hindi]: { text: longHindi, segments: 2 } })).toBe('accepted');
    expect(refusal({ [hindi]: { text: longHindi.repeat(2), segments: 2 } })).toContain('at most 2 segments');
  });

  it('is measured as it is sent: with the name of the app, and the minutes', () => {
    const text = `{otp}{appName}${'a'.repeat(149)}{expiry}`;
    const measured =
      (appName: string, codeLifetimeSeconds = 300) =>
      () =>
        parse(
          { [english]: { text } },
          {
            appName,
            codeLifetimeSeconds,
            sendLimits: [
              { count: 1, windowSeconds: 30 },
              { count: 2, windowSeconds: 600 },
            ],
          },
        );
    expect(measured('Acme')).not.toThrow();
    expect(measured('Acme1')).toThrow('161 characters');
    expect(measured('Acme', 600)).toThrow('161 characters');
  });

  it.each([
    ['no code in it', { [english]: { text: 'Welcome to {appName}' } }, 'expected {otp}'],
    ['a placeholder of another name', { [english]: { text: '{otp} {name}' } }, 'expected no {name}'],
    [
      'a name that every object knows',
      { [english]: { text: '{otp} {constructor}' } },
      'expected no {constructor}',
    ],
    ['an empty placeholder', { [english]: { text: '{otp} {}' } }, 'expected no {}'],
    [
      'a template that is not configured',
      { [english.replace('1', '9')]: { text: '{otp}' } },
      'smsTemplates names',
    ],
    ['an id that is no UUID', { hindi: { text: '{otp}' } }, 'smsTexts.hindi: expected the UUID'],
    [
      'an unknown member',
      { [english]: { text: '{otp}', segment: 2 } },
      `smsTexts.${english}.segment: unknown`,
    ],
    ['no segment', { [english]: { text: '{otp}', segments: 0 } }, 'expected at least 1'],
    ['no text', { [english]: {} }, `smsTexts.${english}.text: required`],
    ['a list', [{ text: '{otp}' }], 'smsTexts: expected texts by the id of their template'],
  ])('is refused with %s', (_, smsTexts, mistake) => {
    expect(refusal(smsTexts)).toContain(mistake);
  });

  it('never reaches the functions', () => {
    const { settings } = parse({ [english]: { text: '{otp} canary' } });
    expect(JSON.stringify(settings)).not.toContain('canary');
  });
});
