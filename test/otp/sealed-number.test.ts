/** What is authentic and yet not of this version: sealed with the right key, by a deployment that is older or newer. */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { openNumber, sealNumber } from '../../functions/otp/sealed-number.ts';

const key = createSecretKey(randomBytes(32));
const name = randomBytes(16);
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');

/** Seals any bytes, as the format says. */
function seal(bytes: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, name.subarray(0, 12), { authTagLength: 16 });
  cipher.setAAD(name);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([name, sealed, cipher.getAuthTag()]).toString('base64url');
}

const bytesOf = (version: number, lane: number, number: string): Buffer =>
  Buffer.concat([Buffer.from([version, lane]), Buffer.from(number, 'ascii')]);

it('opens what it has sealed, lane and session with it', () => {
  const sealed = {
    name: name.toString('base64url'),
    lane: 'device',
    needsSession: true,
    phoneNumber,
  } as const;
  expect(openNumber(key, sealNumber(key, sealed))).toEqual(sealed);
  const laneByte = 1;
  const opened = openNumber(key, seal(bytesOf(1, laneByte, phoneNumber)));
  expect(opened).toMatchObject({ phoneNumber, needsSession: false });
});

it.each([
  ['another version', bytesOf(2, 1, phoneNumber)],
  ['a lane that is none', bytesOf(1, 0x7f, phoneNumber)],
  ['a number that is none', bytesOf(1, 1, '+910000000000')],
  ['nothing', Buffer.alloc(15)],
])('does not open %s, although it is authentic', (_, bytes) => {
  expect(openNumber(key, seal(bytes))).toBeUndefined();
});
