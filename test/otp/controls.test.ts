/** The controls without a stack: when a test number ends, and what a worker obeys. */
import { describe, expect, it } from 'vitest';
import { obeyed, parseControls, testNumberEndsAt } from '../../functions/otp/controls.ts';
import { endOfDay } from '../../functions/settings/end-of-day.ts';

const seconds = (time: string): number => Date.parse(time) / 1000;

describe('a test number ends', () => {
  it.each([
    ['on its own last day, where the deployment takes it longer', '2027-01-31', '2027-12-31', '2027-02-01'],
    ['on the deployment’s last day, where its own is later', '2027-12-31', '2027-01-31', '2027-02-01'],
    ['on the day that both name', '2027-01-31', '2027-01-31', '2027-02-01'],
  ])('%s', (_, until, testNumbersUntil, endsOn) => {
    expect(testNumberEndsAt({ testNumbersUntil }, { until })).toBe(seconds(`${endsOn}T00:00:00Z`));
  });

  it('before the beginning, where the deployment takes none', () => {
    expect(testNumberEndsAt({ testNumbersUntil: undefined }, { until: '2099-12-31' })).toBe(0);
  });
});

describe('a day ends', () => {
  it.each([
    ['2027-12-31', '2028-01-01'],
    ['2028-02-28', '2028-02-29'],
    ['2028-02-29', '2028-03-01'],
    ['2027-02-28', '2027-03-01'],
  ])('%s with the first second of %s, UTC', (day, next) => {
    expect(endOfDay(day)).toBe(seconds(`${next}T00:00:00Z`));
  });
});

describe('a worker obeys', () => {
  const entry = (code: string, number: number) => ({
    phoneNumber: `+91900000000${number}`,
    code,
    until: '2027-01-31',
  });

  it('everything but the test numbers whose code anybody would guess, and tells why of each', () => {
    const controls = parseControls(
      JSON.stringify({
        sending: 'nobody',
        denied: ['+9198765'],
        testNumbers: [entry('111111', 1), entry('402961', 2), entry('150893', 3)],
      }),
    );
    const told: string[] = [];
    const { testNumbers, ...others } = obeyed(controls, (because) => told.push(because));
    expect(testNumbers.map(({ code }) => code)).toEqual(['402961']);
    expect(others).toEqual({ sending: 'nobody', denied: ['+9198765'] });
    expect(told).toEqual(['one or two digits repeated', 'a date']);
    expect(controls.testNumbers).toHaveLength(3);
  });
});
