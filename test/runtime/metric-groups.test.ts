import { describe, expect, it } from 'vitest';
import { messages } from '../../functions/runtime/message-codes.ts';
import { countedBy, metricGroups } from '../../functions/runtime/metric-groups.ts';

describe('what a decision counts', () => {
  it('is its own code, once, and each group that it belongs to', () => {
    expect(countedBy('verify-otp.incorrect')).toEqual([['verify-otp.incorrect', 1]]);
    expect(countedBy('well-known.fault')).toEqual([
      ['well-known.fault', 1],
      ['fault', 1],
    ]);
    expect(countedBy('request-otp.unconfirmed')).toEqual([
      ['request-otp.unconfirmed', 1],
      ['provider-trouble', 1],
      ['sms-paid', 1],
    ]);
  });

  it('is 0 typed in for each SMS and 1 for each code that came back, so that none of a hundred is no missing metric', () => {
    expect(countedBy('request-otp.sent')).toEqual([
      ['request-otp.sent', 1],
      ['sms-paid', 1],
      ['typed-in', 0],
    ]);
    expect(countedBy('verify-otp.verified')).toEqual([
      ['verify-otp.verified', 1],
      ['typed-in', 1],
    ]);
  });

  it('has every code of a fault, and of something that is unavailable', () => {
    const codes = Object.keys(messages);
    expect([...metricGroups.fault].sort()).toEqual(codes.filter((code) => code.endsWith('.fault')).sort());
    for (const code of codes.filter((name) => name.endsWith('.unavailable')))
      expect(metricGroups.unavailable).toContain(code);
  });

  it('gives no group the name of a code', () => {
    for (const group of Object.keys(metricGroups)) expect(Object.keys(messages)).not.toContain(group);
  });
});
