import * as v from 'valibot';
import { expect, it } from 'vitest';
import { presentVerifyOtp } from '../../functions/http/verify-otp-endpoint.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import type { Verified } from '../../functions/otp/verify-otp-ports.ts';

const now = 1_800_000_000;
const verified: Verified = {
  tag: 'verified',
  phoneNumber: v.parse(phoneNumberSchema, `+91${9_876_500_000}`),
  purpose: 'sign-in',
  tokenId: 'id',
  verifiedAt: now,
  caller: {},
  isTest: false,
  deviceToken: undefined,
};

it.each([
  ['its own', now, 3_600],
  ['one that was ahead by two minutes', now + 120, 3_600],
  ['one that was behind by two minutes', now - 120, 3_480],
  ['one that was behind by a day', now - 86_400, 0],
  ['nobody', 9.9e125, 3_600],
])('a token tells its lifetime at most, after a win by the clock of %s', async (_, verifiedAt, told) => {
  const lifetimeSeconds = 3_600;
  const sign = async () => ({ jwt: 'jwt', expiresAt: verifiedAt + lifetimeSeconds, lifetimeSeconds });
  const { answer } = await presentVerifyOtp(verified, { instance: 'i', sign, now: () => now });
  expect(JSON.parse(String(answer.body)).expiresInSeconds).toBe(told);
});
