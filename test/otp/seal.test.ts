/**
 * The seal against the attack that broke the one before it: AES-GCM with its nonce taken from the name gave away GHASH's
 * key as soon as one name sealed two plaintexts (Joux, "Authentication failures in NIST version of GCM", 2006).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveSealKeys } from '../../functions/otp/identity-keys.ts';
import { seal, unseal } from '../../functions/otp/seal.ts';

const nameBytes = 16;
const tagBytes = 16;
const keys = deriveSealKeys(randomBytes(48).toString('base64'), 'test-seal-1');
const plaintextOf = (laneByte: number, number = '+919876543210'): Buffer =>
  Buffer.concat([Buffer.from([1, laneByte]), Buffer.from(number, 'ascii')]);

/** A text as it travels: name, ciphertext, tag. */
type Seals = (name: Buffer, plaintext: Buffer) => Buffer;
type Opens = (text: Buffer) => Buffer | undefined;

const gcmKey = randomBytes(32);
const sealGcm: Seals = (name, plaintext) => {
  const cipher = createCipheriv('aes-256-gcm', gcmKey, name.subarray(0, 12), { authTagLength: tagBytes });
  cipher.setAAD(name);
  return Buffer.concat([name, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
};
const openGcm: Opens = (text) => {
  const name = text.subarray(0, nameBytes);
  const decipher = createDecipheriv('aes-256-gcm', gcmKey, name.subarray(0, 12), { authTagLength: tagBytes });
  decipher.setAAD(name);
  decipher.setAuthTag(text.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(text.subarray(nameBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
};
const sealSiv: Seals = (name, plaintext) => seal(keys, { name, plaintext });
const openSiv: Opens = (text) => unseal(keys, text, nameBytes)?.plaintext;

/** Elements of GF(2^128) as GCM writes them: the first bit of a block is the coefficient of x^0 (SP 800-38D, 6.3). */
const toElement = (block: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(block).toString('hex').padEnd(32, '0')}`);
const toBlock = (element: bigint): Buffer => Buffer.from(element.toString(16).padStart(32, '0'), 'hex');
const reduction = 0xe1n << 120n;
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ reduction : shifted >> 1n;
  }
  return product;
}
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n << 127n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = multiply(square, square))
    if (left & 1n) result = multiply(result, square);
  return result;
}
const inverse = (a: bigint): bigint => power(a, (1n << 128n) - 2n);
const squareRoot = (a: bigint): bigint => power(a, 1n << 127n);

const parts = (text: Buffer) => ({
  name: text.subarray(0, nameBytes),
  ciphertext: text.subarray(nameBytes, -tagBytes),
  tag: text.subarray(-tagBytes),
});
const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));

/**
 * Two texts of one name, and one of another name with a plaintext that is known: makes a text of that other name for any
 * plaintext. One block of associated data, one of ciphertext: the tags differ by (C1 + C2)·H².
 */
function forge(
  one: Buffer,
  other: Buffer,
  known: { text: Buffer; plaintext: Buffer },
  wanted: Buffer,
): Buffer {
  const [a, b] = [parts(one), parts(other)];
  const tags = toElement(a.tag) ^ toElement(b.tag);
  const hash = squareRoot(multiply(tags, inverse(toElement(a.ciphertext) ^ toElement(b.ciphertext))));
  const { name, ciphertext, tag } = parts(known.text);
  const forged = xor(ciphertext, xor(known.plaintext, wanted));
  const change = multiply(toElement(ciphertext) ^ toElement(forged), multiply(hash, hash));
  return Buffer.concat([name, forged, toBlock(toElement(tag) ^ change)]);
}

function attack(seals: Seals): { forged: Buffer; wanted: Buffer } {
  const [name, othersName] = [randomBytes(nameBytes), randomBytes(nameBytes)];
  const [attested, asPublic] = [seals(name, plaintextOf(3)), seals(name, plaintextOf(0))];
  const plaintext = plaintextOf(0, '+919000000001');
  const wanted = plaintextOf(1, '+916123456789');
  return {
    forged: forge(attested, asPublic, { text: seals(othersName, plaintext), plaintext }, wanted),
    wanted,
  };
}

describe('two answers for one challenge, in two lanes', () => {
  it('gave away the key of the form before: a text of any lane and number opened', () => {
    const { forged, wanted } = attack(sealGcm);
    expect(openGcm(forged)).toEqual(wanted);
  });

  it('give nothing away now, even where one name seals two plaintexts', () => {
    expect(openSiv(sealSiv(randomBytes(nameBytes), plaintextOf(3)))).toEqual(plaintextOf(3));
    for (let i = 0; i < 20; i += 1) expect(openSiv(attack(sealSiv).forged)).toBeUndefined();
  });

  it('share no keystream now', () => {
    const name = randomBytes(nameBytes);
    const difference = (seals: Seals): Buffer =>
      xor(parts(seals(name, plaintextOf(3))).ciphertext, parts(seals(name, plaintextOf(0))).ciphertext);
    const ofPlaintexts = xor(plaintextOf(3), plaintextOf(0));
    expect(difference(sealGcm)).toEqual(ofPlaintexts);
    expect(difference(sealSiv)).not.toEqual(ofPlaintexts);
  });
});

describe('the seal', () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(Buffer.from);
  const sealed = fc.record({
    name: bytes(nameBytes),
    plaintext: fc.uint8Array({ maxLength: 40 }).map(Buffer.from),
  });

  it('opens to what was sealed, and to nothing when any bit of it is turned', () => {
    fc.assert(
      fc.property(sealed, fc.nat(), (what, at) => {
        const text = seal(keys, what);
        expect(unseal(keys, text, nameBytes)).toEqual(what);
        const turned = Buffer.from(text);
        const bit = at % (text.length * 8);
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(unseal(keys, turned, nameBytes)).toBeUndefined();
      }),
    );
  });

  it('gives the same text for the same, and another IV for anything else', () => {
    fc.assert(
      fc.property(sealed, sealed, (one, other) => {
        expect(seal(keys, one)).toEqual(seal(keys, one));
        const isSame = one.name.equals(other.name) && one.plaintext.equals(other.plaintext);
        for (const second of [other, { ...other, name: one.name }, { ...other, plaintext: one.plaintext }]) {
          if (isSame || (second.name.equals(one.name) && second.plaintext.equals(one.plaintext))) continue;
          expect(parts(seal(keys, second)).tag).not.toEqual(parts(seal(keys, one)).tag);
        }
      }),
    );
  });

  it('tells a name that ends where the plaintext begins from one that does not', () => {
    const text = seal(keys, { name: Buffer.from('ab'), plaintext: Buffer.from('c') });
    const moved = seal(keys, { name: Buffer.from('a'), plaintext: Buffer.from('bc') });
    expect(text.subarray(-tagBytes)).not.toEqual(moved.subarray(-tagBytes));
  });

  it('of another format, or of another secret, does not open', () => {
    const secret = randomBytes(48).toString('base64');
    const [ofRequests, ofDevices] = ['request-seal-2', 'device-seal-2'].map((label) =>
      deriveSealKeys(secret, label),
    );
    if (ofRequests === undefined || ofDevices === undefined) throw new Error('no keys');
    const what = { name: randomBytes(nameBytes), plaintext: plaintextOf(1) };
    expect(unseal(ofRequests, seal(ofRequests, what), nameBytes)).toEqual(what);
    expect(unseal(ofDevices, seal(ofRequests, what), nameBytes)).toBeUndefined();
    for (const mixed of [
      { mac: ofRequests.mac, cipher: ofDevices.cipher },
      { mac: ofDevices.mac, cipher: ofRequests.cipher },
    ])
      expect(unseal(mixed, seal(ofRequests, what), nameBytes)).toBeUndefined();
  });

  it('does not open what is too short to be one', () => {
    for (let length = 0; length < nameBytes + tagBytes; length += 1)
      expect(unseal(keys, randomBytes(length), nameBytes)).toBeUndefined();
  });
});
