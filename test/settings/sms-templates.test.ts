import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../functions/settings/settings.ts';
import { localeSchema, templateFor, templateIdsOf } from '../../functions/settings/sms-templates.ts';

const id = (digit: number): string => `${String(digit).repeat(8)}-1111-4111-8111-111111111111`;
const templates = {
  default: id(1),
  android: id(2),
  locales: {
    hi: { default: id(3), ios: id(4) },
    'zh-Hant': { default: id(5) },
    'pt-BR': { default: id(6) },
  },
};
const parse = (smsTemplates: unknown) => parseSettings({ appName: 'Acme', audience: 'acme', smsTemplates });

describe('the template of a request', () => {
  it.each([
    ['the usual one for nobody in particular', {}, 1],
    ['that of the platform', { platform: 'android' }, 2],
    ['the usual one for a platform without its own', { platform: 'ios' }, 1],
    ['that of the language', { locale: 'hi' }, 3],
    ['that of the language in a region', { locale: 'hi-IN' }, 3],
    ['that of the language in a script and a region', { locale: 'hi-Deva-IN' }, 3],
    ['that of the language for the platform', { locale: 'hi-IN', platform: 'ios' }, 4],
    ['the language before the platform', { locale: 'hi', platform: 'android' }, 3],
    ['that of the script', { locale: 'zh-Hant-TW' }, 5],
    ['the usual one for another script', { locale: 'zh-Hans' }, 1],
    ['that of the region', { locale: 'pt-BR' }, 6],
    ['the usual one for another region', { locale: 'pt-PT' }, 1],
    ['the usual one for a language without texts', { locale: 'ta-IN' }, 1],
    ['that of the platform for a language without texts', { locale: 'ta-IN', platform: 'android' }, 2],
    ['the usual one for a language that only begins like another', { locale: 'hif' }, 1],
  ] as const)('is %s', (_, reader, digit) => {
    expect(templateFor(templates, reader)).toBe(id(digit));
  });

  it('needs no locales at all', () => {
    expect(templateFor({ default: id(1) }, { locale: 'hi', platform: 'web' })).toBe(id(1));
  });
});

describe('templates with locales', () => {
  it('read the same again after a journey through JSON', () => {
    const settings = parse({ 'sign-in': templates });
    expect(settings.smsTemplates['sign-in']).toEqual(templates);
    expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
  });

  it('list every id once', () => {
    expect([...templateIdsOf({ default: id(1), web: id(1), locales: { hi: { default: id(2) } } })]).toEqual([
      id(1),
      id(2),
    ]);
  });

  it('are refused where another purpose sends the same text in any language', () => {
    const payment = { default: id(7), locales: { hi: { default: id(3) } } };
    expect(() => parse({ 'sign-in': templates, payment })).toThrow(
      'expected every purpose to have templates',
    );
  });

  it.each([
    ['a tag in another spelling', { HI: { default: id(3) } }],
    ['a tag with an underscore', { hi_IN: { default: id(3) } }],
    ['a name that every object knows', JSON.parse(`{"__proto__":{"default":"${id(3)}"}}`)],
    ['a language without a default', { hi: { ios: id(3) } }],
    ['a language within a language', { hi: { default: id(3), locales: {} } }],
    ['a list', [{ default: id(3) }]],
    ['an id that is no UUID', { hi: { default: '12345' } }],
  ])('are refused with %s', (_, locales) => {
    expect(() => parse({ 'sign-in': { default: id(1), locales } })).toThrow(TypeError);
  });
});

describe('a locale', () => {
  it.each(['en', 'hi', 'hi-IN', 'kok', 'kok-IN', 'pa-Guru-IN', 'zh-Hant', 'es-419'])('may be %s', (tag) => {
    expect(v.safeParse(localeSchema, tag).success).toBe(true);
  });

  it.each([
    '',
    'h',
    'HI',
    'Hi',
    'hi_IN',
    'hi-in',
    'hi-',
    '-IN',
    'hi-IN-IN',
    'pa-guru',
    'pa-IN-Guru',
    'en-IN-u-nu-deva',
    'ca-ES-valencia',
    'x-mine',
    'hindi',
    ' hi',
    'hi\n',
    '*',
    'हि',
    'constructor',
  ])('is not %j', (tag) => {
    expect(v.safeParse(localeSchema, tag).success).toBe(false);
  });
});
