/** The comparison with published prices: each has its source and its day, and a rate that was not found is not a price. */
import { expect, it } from 'vitest';
import { peerPrices, peerTable, usdOfAMillion } from '../../bench/peer-prices.ts';

const priceOf = (name: string): number | undefined => {
  const peer = peerPrices.find((one) => one.name.startsWith(name));
  if (peer === undefined) throw new Error(`no peer ${name}`);
  return usdOfAMillion(peer);
};

it('a million users are priced by the rates of the bands that they fill', () => {
  // 990,000 at 0.015; 50,000 at 0.0055 and 900,000 at 0.0046; 25 and 900,000 at 0.00325.
  expect(priceOf('Amazon Cognito')).toBeCloseTo(14_850, 6);
  expect(priceOf('Firebase')).toBeCloseTo(4_415, 6);
  expect(priceOf('Supabase')).toBeCloseTo(2_950, 6);
});

it('a price that was not found stays unknown', () => {
  expect(priceOf('Auth0')).toBeUndefined();
  expect(peerTable(24)).toMatch(/\| Auth0, Essentials \| not found \|/);
});

it('every peer names its page and the day on which somebody read it', () => {
  for (const { name, source, seen, rates } of peerPrices) {
    expect(source, name).toMatch(/^https:\/\//);
    expect(seen, name).toMatch(/\d{4}-\d{2}-\d{2}|without a date/);
    const bounds = rates.map(({ above }) => above);
    expect(bounds, name).toEqual(bounds.toSorted((a, b) => a - b));
  }
});
