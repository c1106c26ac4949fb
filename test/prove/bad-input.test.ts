/** Fuzzed bodies and events, and spellings of one number, against the deployed bundles. */
import { expect, it } from 'vitest';
import { badInput } from '../../prove/bad-input/bad-input.ts';
import { isGood } from '../../prove/bad-input/oracle.ts';
import { smallRun } from './small-run.ts';

it('no input gives a fault, is accepted against the rules, or is another name for a number', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await badInput(smallRun(0.01));
  console.info(seen);
  expect(violations).toEqual([]);
});

it('the oracle knows a good request from a bad one', () => {
  const event = (body: string) => ({ headers: { 'content-type': 'application/json' }, body });
  expect(isGood('request-otp', event('{"phoneNumber":"+919876543210"}'), ['sign-in'])).toBe(true);
  expect(isGood('request-otp', event('{"phoneNumber":"+919876543210 "}'), ['sign-in'])).toBe(false);
  expect(
    isGood('request-otp', event('{"phoneNumber":"+919876543210","purpose":"payment"}'), ['sign-in']),
  ).toBe(false);
  expect(isGood('verify-otp', event(`{"requestId":"${'A'.repeat(63)}","code":"123456"}`), [])).toBe(true);
  expect(isGood('verify-otp', event(`{"requestId":"${'A'.repeat(62)}B","code":"123456"}`), [])).toBe(false);
  const twice = `{"code":"123456","requestId":"${'A'.repeat(63)}","code":"123456"}`;
  expect(isGood('verify-otp', event(twice), [])).toBe(false);
});
