/** What is authentic and yet not of this version: sealed with the right keys, by a deployment that is older or newer. */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { deriveSealKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { openNumber, sealNumber } from '../../functions/otp/sealed-number.ts';

const keys = deriveSealKeys(randomBytes(48).toString('base64'), 'test-seal-1');
const name = randomBytes(16);
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');

/** Seals any bytes as the format says, without the code under test. */
function sealBy(bytes: Buffer): string {
  const lengthOf = (part: Buffer): Buffer => Buffer.from([0, 0, 0, part.length]);
  const hmac = createHmac('sha256', keys.mac).update(
    Buffer.concat([lengthOf(name), name, lengthOf(bytes), bytes]),
  );
  const tag = hmac.digest().subarray(0, 16);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, tag);
  return Buffer.concat([name, cipher.update(bytes), cipher.final(), tag]).toString('base64url');
}

const bytesOf = (version: number, lane: number, number: string): Buffer =>
  Buffer.concat([Buffer.from([version, lane]), Buffer.from(number, 'ascii')]);

it('opens what it has sealed, lane and session with it, and seals as the format says', () => {
  const sealed = {
    name: name.toString('base64url'),
    lane: 'device',
    needsSession: true,
    phoneNumber,
  } as const;
  const deviceWithSession = 0x81;
  expect(sealNumber(keys, sealed)).toBe(sealBy(bytesOf(2, deviceWithSession, phoneNumber)));
  expect(openNumber(keys, sealNumber(keys, sealed))).toEqual(sealed);
  const device = 0x01;
  expect(openNumber(keys, sealBy(bytesOf(2, device, phoneNumber)))).toMatchObject({
    phoneNumber,
    needsSession: false,
  });
});

it('opens a number that the numbering plan has made a landline since: its code is under way', () => {
  const landline = '+918022345678';
  expect(v.is(phoneNumberSchema, landline)).toBe(false);
  expect(openNumber(keys, sealBy(bytesOf(2, 0, landline)))).toMatchObject({ phoneNumber: landline });
});

it.each([
  ['the version before', bytesOf(1, 1, phoneNumber)],
  ['another version', bytesOf(3, 1, phoneNumber)],
  ['a lane that is none', bytesOf(2, 0x7f, phoneNumber)],
  ['a number that is none', bytesOf(2, 1, '+910000000000')],
  ['nothing', Buffer.alloc(15)],
])('does not open %s, although it is authentic', (_, bytes) => {
  expect(openNumber(keys, sealBy(bytes))).toBeUndefined();
});
