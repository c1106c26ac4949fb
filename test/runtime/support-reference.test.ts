import { describe, expect, it } from 'vitest';
import {
  referenceAlphabet,
  referencePattern,
  supportReferenceOf,
} from '../../functions/runtime/support-reference.ts';

const ids = Array.from({ length: 20_000 }, (_, i) => Buffer.from(`request ${i}`).toString('base64'));

describe('a support reference', () => {
  it('is the same for the same id of the gateway, now and in ten years', () => {
    expect(supportReferenceOf('JKJaXmPLvHcESHA=')).toBe(supportReferenceOf('JKJaXmPLvHcESHA='));
    expect(supportReferenceOf('JKJaXmPLvHcESHA=')).toMatch(referencePattern);
  });

  it('has eight characters, for every id', () => {
    for (const id of ['', 'unknown', '🙂', 'x'.repeat(10_000), ...ids])
      expect(supportReferenceOf(id)).toMatch(referencePattern);
  });

  it('has of each pair of look-alikes at most one', () => {
    for (const alike of ['0OD', '1IL', '2Z', '5S', '6G', '8B', 'UV'])
      expect(
        [...alike].filter((character) => referenceAlphabet.includes(character)).length,
        alike,
      ).toBeLessThan(2);
    expect(new Set(referenceAlphabet).size).toBe(referenceAlphabet.length);
  });

  it('spells no word', () => {
    expect(referenceAlphabet).not.toMatch(/[AEIOU]/);
  });

  it('uses every character at every place, evenly', () => {
    const references = ids.map(supportReferenceOf);
    const expected = ids.length / referenceAlphabet.length;
    for (let place = 0; place < 8; place += 1) {
      for (const character of referenceAlphabet) {
        const count = references.filter((reference) => reference[place] === character).length;
        // Six standard deviations.
        expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected));
      }
    }
  });

  it('differs between calls', () => {
    expect(new Set(ids.map(supportReferenceOf)).size).toBe(ids.length);
  });
});
