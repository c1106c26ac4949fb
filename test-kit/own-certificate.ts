/**
 * A certificate for servers on this machine, made anew for each run: self-signed, for 127.0.0.1, valid for a day. Node makes
 * keys and signs, but makes no certificates, so the few bytes around the key are written here.
 * RFC 5280 section 4.1, in the encoding of X.690 (DER).
 */
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

export interface OwnCertificate {
  /** Both as PEM. */
  readonly key: string;
  readonly cert: string;
}

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  id: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;
/** Object identifiers, encoded: ecdsa-with-SHA256, commonName, basicConstraints, subjectAltName. */
const ids = { ecdsa: '2a8648ce3d040302', name: '550403', constraints: '551d13', altName: '551d11' } as const;

function der(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...head]), content]);
}

const id = (hex: string): Buffer => der(tag.id, Buffer.from(hex, 'hex'));
/** UTCTime: `YYMMDDHHMMSSZ`. */
const time = (ms: number): Buffer =>
  der(tag.time, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

/** Makes a key and its certificate. */
export function ownCertificate(): OwnCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(tag.sequence, id(ids.ecdsa));
  const name = der(
    tag.sequence,
    der(tag.set, der(tag.sequence, id(ids.name), der(tag.text, Buffer.from('doorcode bench')))),
  );
  const extension = (of: string, value: Buffer): Buffer =>
    der(tag.sequence, id(of), der(tag.bytes, der(tag.sequence, value)));
  const extensions = der(
    0xa3,
    der(
      tag.sequence,
      extension(ids.constraints, der(tag.boolean, Buffer.from([0xff]))),
      extension(ids.altName, der(0x87, Buffer.from([127, 0, 0, 1]))),
    ),
  );
  const body = der(
    tag.sequence,
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    der(tag.sequence, time(Date.now() - 3_600_000), time(Date.now() + 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const whole = der(tag.sequence, body, algorithm, der(tag.bits, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
