import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smsLength } from '../../lib/sms-segments.ts';

describe('an SMS', () => {
  it.each([
    ['nothing', '', 1],
    ['160 characters of GSM-7', 'a'.repeat(160), 1],
    ['161', 'a'.repeat(161), 2],
    ['306, two segments of 153', 'a'.repeat(306), 2],
    ['307', 'a'.repeat(307), 3],
    ['80 euro signs, which count two each', '€'.repeat(80), 1],
    ['81 euro signs', '€'.repeat(81), 2],
    ['76 a segment of several, for an escape is not cut in two', '€'.repeat(152), 2],
    ['153 euro signs', '€'.repeat(153), 3],
    ['lines', `${'a'.repeat(79)}\r\n${'a'.repeat(79)}`, 1],
    ['70 letters of Hindi', 'ह'.repeat(70), 1],
    ['71', 'ह'.repeat(71), 2],
    ['134, two segments of 67', 'ह'.repeat(134), 2],
    ['135', 'ह'.repeat(135), 3],
    ['35 emoji, which count two each', '😀'.repeat(35), 1],
    ['36 emoji', '😀'.repeat(36), 2],
    ['66 emoji, 33 a segment: none is cut in two', '😀'.repeat(66), 2],
    ['67 emoji', '😀'.repeat(67), 3],
    ['159 characters of GSM-7 and one that is none', `${'a'.repeat(159)}’`, 3],
    ['no grave accent, which GSM-7 lacks', `${'a'.repeat(70)}\u0060`, 2],
  ])('of %s', (_, text, segments) => {
    expect(smsLength(text).segments).toBe(segments);
  });

  it('has 160 characters of any of the basic alphabet, and 80 of its extension', () => {
    const basic =
      '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
    // 128 places of the table, less the escape to the other one.
    expect([...basic]).toHaveLength(127);
    for (const one of basic) {
      expect(smsLength(one.repeat(160)), one).toMatchObject({ alphabet: 'GSM-7', segments: 1 });
      expect(smsLength(one.repeat(161)).segments, one).toBe(2);
    }
    const extension = '\f^{}\\[~]|€';
    for (const one of extension) {
      expect(smsLength(one.repeat(80)), one).toMatchObject({ alphabet: 'GSM-7', units: 160, segments: 1 });
      expect(smsLength(one.repeat(81)).segments, one).toBe(2);
    }
  });

  it('names the first character that made it expensive', () => {
    expect(smsLength('it’s “yours”')).toMatchObject({
      alphabet: 'UCS-2',
      units: 12,
      unitsOfOne: 70,
      foreign: '’',
    });
    expect(smsLength('plain').foreign).toBeUndefined();
  });

  it('never gets shorter by a character more, and has room for what is in it', () => {
    const texts = fc.array(fc.constantFrom('a', '€', 'ह', '😀'), { maxLength: 400 });
    fc.assert(
      fc.property(texts, fc.constantFrom('a', '€', 'ह', '😀'), (characters, one) => {
        const shorter = smsLength(characters.join(''));
        const longer = smsLength([...characters, one].join(''));
        expect(longer.segments).toBeGreaterThanOrEqual(shorter.segments);
        const room = longer.alphabet === 'GSM-7' ? 153 : 67;
        expect(longer.segments).toBeGreaterThanOrEqual(
          longer.units <= longer.unitsOfOne ? 1 : Math.ceil(longer.units / room),
        );
      }),
    );
  });
});
