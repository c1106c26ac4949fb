/** What is noted beside a win, and that none of it can cost the user the token. */
import * as v from 'valibot';
import { expect, it } from 'vitest';
import type { Lane } from '../../functions/limits/lane.ts';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import type { VerifyOtpPorts } from '../../functions/otp/verify-otp-ports.ts';
import { type Won, win } from '../../functions/otp/win.ts';
import { parseSettings, type SettingsInput } from '../../functions/settings/settings.ts';

const identity = deriveIdentityKeys('i'.repeat(64));
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');

async function noted(
  won: Partial<Won>,
  { isTableDown = false, ...settings }: Partial<SettingsInput> & { isTableDown?: boolean } = {},
) {
  const told: string[] = [];
  const refuses = async (): Promise<never> => {
    throw new Error('not needed to win');
  };
  const store: VerifyOtpPorts['store'] = {
    count: refuses,
    consume: refuses,
    giveBack: refuses,
    remember: async ({ now }) => {
      if (isTableDown) throw new Error('the table is down');
      told.push(`remembered at ${now}`);
      return { tag: 'written', record: Object.create(null) };
    },
  };
  const verified = await win(
    {
      settings: parseSettings({ appName: 'Acme', audience: 'acme-app', ...settings }),
      now: () => 0,
      identity,
      codeKey: refuses,
      store,
      admit: refuses,
      guesses: {
        admit: refuses,
        wrong: refuses,
        right: async (now) => {
          told.push(`right at ${now}`);
        },
      },
      tell: () => told.push('not remembered'),
    },
    {
      lane: 'public',
      paidBy: won.lane ?? 'public',
      phoneNumber,
      phoneKey: 'k'.repeat(22),
      challengeId: Buffer.alloc(16).toString('base64url'),
      purpose: 'sign-in',
      needsSession: false,
      caller: {},
      verifiedAt: 100,
      isReplay: false,
      ...won,
    },
  );
  return { verified, told };
}

it.each<[Lane, readonly string[]]>([
  ['public', ['remembered at 100', 'right at 100']],
  ['attested', ['remembered at 100']],
  ['device', []],
  ['test', []],
])('a win in the lane %s notes %j', async (lane, expected) => {
  const { verified, told } = await noted({ lane });
  expect(told).toEqual(expected);
  expect(verified.isTest).toBe(lane === 'test');
  expect(verified.deviceToken !== undefined).toBe(expected.length > 0);
});

it('a win that is answered again is not counted again, and gives the same tokens', async () => {
  const [first, again] = [await noted({}), await noted({ isReplay: true })];
  expect(again.told).toEqual(['remembered at 100']);
  expect(again.verified).toEqual(first.verified);
});

it('a device that cannot be remembered costs the device token, and nothing else', async () => {
  const { verified, told } = await noted({}, { isTableDown: true });
  expect(told).toEqual(['right at 100', 'not remembered']);
  expect(verified).toMatchObject({ tag: 'verified', phoneNumber, deviceToken: undefined });
});

it('no device is remembered where the settings know none', async () => {
  const { verified, told } = await noted({}, { devicesPerNumber: 0 });
  expect(told).toEqual(['right at 100']);
  expect(verified.deviceToken).toBeUndefined();
});

it('the caller is in the win where the code was bound to them, and nowhere else', async () => {
  const caller = { subject: 'user-7', context: { amount: 5 } };
  expect((await noted({ caller, needsSession: true })).verified.caller).toEqual(caller);
  expect((await noted({ caller })).verified.caller).toEqual({});
});
