/**
 * Forged and malformed tokens, each with the sentence that names it and the reason for which it is refused. They are
 * made from a genuine key pair and genuine claims, so that each differs from a good token in one thing only, and can
 * be sent to the module alone or through the whole stack.
 */
import {
  type ForeignKeyPair,
  type GenuineClaims,
  genuineToken,
  macToken,
  makeForeignKey,
  part,
  signEncoded,
  signToken,
} from './foreign-issuer.ts';

export interface ForgedToken {
  readonly name: string;
  readonly token: string;
  /** The reason that the log has. */
  readonly reason: string;
}

/** Keys that an issuer publishes beside its signing key, and that must never verify a token. */
export interface TrapKeys {
  readonly forEncryption: ForeignKeyPair;
  readonly forNothingOfOurs: ForeignKeyPair;
  readonly short: ForeignKeyPair;
  readonly ofAnotherCurve: ForeignKeyPair;
  readonly ofAnotherAlgorithm: ForeignKeyPair;
  readonly withItsPrivateHalf: ForeignKeyPair;
}

/** Makes trap keys; publish them (`jwk`) beside the genuine one. */
export function makeTrapKeys(): TrapKeys {
  const leaked = makeForeignKey('ES256');
  return {
    forEncryption: makeForeignKey('RS256', { members: { use: 'enc' } }),
    forNothingOfOurs: makeForeignKey('RS256', { members: { key_ops: ['encrypt'] } }),
    short: makeForeignKey('RS256', { rsaBits: 1024 }),
    ofAnotherCurve: makeForeignKey('ES384', { members: { alg: undefined } }),
    ofAnotherAlgorithm: makeForeignKey('RS256', { members: { alg: 'RS512' } }),
    withItsPrivateHalf: { ...leaked, jwk: { ...leaked.jwk, ...leaked.privateKey.export({ format: 'jwk' }) } },
  };
}

/** An issuer as the forgeries need it: its signing key, RS256, and the traps in its key set. */
export interface ForgedIssuer {
  readonly pair: ForeignKeyPair;
  readonly traps: TrapKeys;
}

const hour = 3_600;
const year = 366 * 24 * hour;

/**
 * The forgeries. The issuer's `algorithms` must be RS256 and ES256, and its `tokenType` unset or `JWT`; claims are
 * genuine at the time of the check.
 */
export function forgedTokens({ pair, traps }: ForgedIssuer, claims: GenuineClaims): readonly ForgedToken[] {
  const header = { alg: pair.alg, kid: pair.kid, typ: 'JWT' };
  const genuine = genuineToken(pair, claims);
  const [head = '', body = '', signature = ''] = genuine.split('.');
  const now = claims.iat;
  const stranger = makeForeignKey('RS256');
  const { iss: _iss, ...withoutIssuer } = claims;
  const { aud: _aud, ...withoutAudience } = claims;
  const { sub: _sub, ...withoutSubject } = claims;
  const { iat: _iat, ...withoutIat } = claims;
  const { exp: _exp, ...withoutExp } = claims;
  const withHeader = (members: object): string => signToken(pair, { ...header, ...members }, claims);
  const withClaims = (members: object): string => genuineToken(pair, { ...claims, ...members });
  const byKey = (key: ForeignKeyPair): string => genuineToken(key, claims);
  const unsigned = (alg: string): string => `${part({ ...header, alg })}.${body}.`;
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const asText = (claimsText: string | Buffer): string => signToken(pair, header, claimsText);
  const text = JSON.stringify(claims);
  const lastBitTurned = signature.slice(0, -1) + turnLastBit(signature.slice(-1));
  /** A genuine signature over another spelling of header or claims, which are padded until their last byte ends in stray bits. */
  const withStrayBits = (at: 0 | 1): string => {
    const padded = [header, claims].map((members) =>
      Array.from({ length: 3 }, (_, i) => part({ ...members, pad: 'x'.repeat(i) })).find(
        (encoded) => encoded.length % 4 !== 0,
      ),
    );
    const parts = padded.map((encoded = '', i) =>
      i === at ? encoded.slice(0, -1) + turnLastBit(encoded.slice(-1)) : encoded,
    );
    return signEncoded(pair, parts.join('.'));
  };
  const row = (reason: string) => (name: string, token: string) => ({ name, token, reason });

  const length = row('too long');
  const shape = row('not three parts');
  const encoding = row('encoding');
  const badHeader = row('header');
  const badClaims = row('claims');
  const algorithm = row('algorithm');
  const wrongSignature = row('wrong signature');
  const unknownKid = row('unknown kid');
  const noKid = row('no kid');
  const otherKey = row('key of another algorithm');

  return [
    // How it is written.
    row('no token')('is empty', ''),
    length('has a megabyte', withClaims({ padding: 'x'.repeat(1024 * 1024) })),
    length('has a byte above 8 KiB', `${genuine}${'A'.repeat(8 * 1024 + 1 - genuine.length)}`),
    length('is a megabyte of dots', '.'.repeat(1024 * 1024)),
    shape('is a word', 'token'),
    shape('has two parts', `${head}.${body}`),
    shape('has four parts', `${genuine}.${signature}`),
    shape('has five parts, as an encrypted token', `${part({ ...header, enc: 'A256GCM' })}.${body}.A.B.C`),
    shape('is the JSON serialization', JSON.stringify({ protected: head, payload: body, signature })),
    encoding('has three empty parts', '..'),
    encoding('has an empty header', `.${body}.${signature}`),
    encoding('has an empty payload', `${head}..${signature}`),
    encoding('has its signature cut off', `${head}.${body}.`),
    encoding('has a space before it', ` ${genuine}`),
    encoding('has a line break after it', `${genuine}\n`),
    encoding(
      'has whitespace within its payload',
      `${head}.${body.slice(0, 8)} ${body.slice(8)}.${signature}`,
    ),
    encoding('is written with the padding of base64', `${head}.${body}.${signature}==`),
    encoding('is written in the alphabet of base64', `${head}.${body}.+/${signature.slice(2)}`),
    encoding('has stray bits at the end of its signature', `${head}.${body}.${lastBitTurned}`),
    encoding('is percent-encoded', `${head}.${body}.${signature.slice(0, -2)}%41`),
    encoding('begins with the word Bearer', `Bearer ${genuine}`),
    encoding('has a character outside ASCII', `${head}.${body}é.${signature}`),
    badHeader('has a header that is no JSON', signToken(pair, 'header', claims)),
    badHeader('has a header that is an array', signToken(pair, [header], claims)),
    badHeader('has null for a header', signToken(pair, 'null', claims)),
    badHeader('is encoded twice', [head, body, signature].map(part).join('.')),
    badHeader(
      'names its algorithm twice',
      signToken(pair, `{"alg":"none",${JSON.stringify(header).slice(1)}`, text),
    ),
    badHeader(
      'names its algorithm twice, once in another spelling',
      signToken(pair, `{"\\u0061lg":"none",${JSON.stringify(header).slice(1)}`, text),
    ),
    badClaims('has claims that are no JSON', asText('claims')),
    badClaims('has claims that are a string', asText(JSON.stringify('claims'))),
    badClaims('has a token for its claims', asText(genuine)),
    badClaims('has claims that are an array', asText(`[${text}]`)),
    badClaims('has a subject twice', asText(`{"sub":"somebody else",${text.slice(1)}`)),
    badClaims('has an expiry twice', asText(`${text.slice(0, -1)},"exp":${now + 2 * hour}}`)),
    badClaims(
      'has a member twice around another object',
      asText(`{"note":1,"other":{"x":{}},"note":2,${text.slice(1)}`),
    ),
    badClaims('has a member twice deep within', asText(`${text.slice(0, -1)},"a":[{"b":1,"b":2}]}`)),
    badClaims('has NaN for an expiry', asText(JSON.stringify(withoutExp).replace('{', '{"exp":NaN,'))),
    badClaims(
      'has claims that are not UTF-8',
      asText(Buffer.from(`{"note":"\u00ff",${text.slice(1)}`, 'latin1')),
    ),
    ...[
      ['a byte order mark', '\ufeff'],
      ['two byte order marks', '\ufeff\ufeff'],
      ['a no-break space', '\u00a0'],
      ['a line separator', '\u2028'],
      ['a zero byte', '\0'],
    ].flatMap(([what, mark = '']) => [
      badHeader(`has ${what} before its header`, signToken(pair, `${mark}${JSON.stringify(header)}`, text)),
      badHeader(`has ${what} after its header`, signToken(pair, `${JSON.stringify(header)}${mark}`, text)),
      badClaims(`has ${what} before its claims`, asText(`${mark}${text}`)),
      badClaims(`has ${what} after its claims`, asText(`${text}${mark}`)),
    ]),
    badClaims('has claims in UTF-16', asText(Buffer.from(`\ufeff${text}`, 'utf16le'))),
    badClaims(
      'has claims with half a character in three bytes',
      asText(
        Buffer.concat([
          Buffer.from('{"note":"'),
          Buffer.from('eda080', 'hex'),
          Buffer.from(`",${text.slice(1)}`),
        ]),
      ),
    ),
    badClaims(
      'has claims with a character in more bytes than it needs',
      asText(
        Buffer.concat([
          Buffer.from('{"note":"'),
          Buffer.from('c0af', 'hex'),
          Buffer.from(`",${text.slice(1)}`),
        ]),
      ),
    ),
    encoding('has stray bits at the end of its header', withStrayBits(0)),
    encoding('has stray bits at the end of its claims', withStrayBits(1)),

    // Which algorithm it claims.
    ...['none', 'None', 'NONE', 'nOnE', 'none ', ''].map((alg) =>
      encoding(`says alg ${JSON.stringify(alg)} and has no signature`, unsigned(alg)),
    ),
    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) =>
      algorithm(`says alg ${JSON.stringify(alg)} under a genuine signature`, withHeader({ alg })),
    ),
    algorithm('has no algorithm', withHeader({ alg: undefined })),
    algorithm('has null for its algorithm', withHeader({ alg: null })),
    algorithm('has a list of algorithms', withHeader({ alg: ['RS256'] })),
    algorithm('has its algorithm in small letters', withHeader({ alg: 'rs256' })),
    algorithm('has HS256 with the public key as secret', macToken(pem, { ...header, alg: 'HS256' }, claims)),
    algorithm(
      'has HS256 with the published key as secret',
      macToken(JSON.stringify(pair.jwk), { ...header, alg: 'HS256' }, claims),
    ),
    algorithm('has HS256 with an empty secret', macToken('', { ...header, alg: 'HS256' }, claims)),
    algorithm(
      'has an algorithm that its issuer does not use',
      signToken({ ...pair, alg: 'RS512' }, { ...header, alg: 'RS512' }, claims),
    ),
    algorithm('has RS1', withHeader({ alg: 'RS1' })),
    algorithm('has the name of an object member for its algorithm', withHeader({ alg: '__proto__' })),
    otherKey(
      'has ES256 under the id of an RSA key',
      signToken(makeForeignKey('ES256'), { ...header, alg: 'ES256' }, claims),
    ),

    // Where it says its key is.
    row('header jwk')(
      'brings a key along (jwk)',
      signToken(stranger, { ...header, jwk: stranger.publicKey.export({ format: 'jwk' }) }, claims),
    ),
    row('header jku')('says where a key is (jku)', withHeader({ jku: 'http://127.0.0.1:9/jwks.json' })),
    row('header x5u')(
      'says where a certificate is (x5u)',
      withHeader({ x5u: 'http://127.0.0.1:9/cert.pem' }),
    ),
    row('header x5c')('brings a certificate along (x5c)', withHeader({ x5c: ['MIIB'] })),
    row('header crit')('has a critical extension', withHeader({ crit: ['exp'], exp: claims.exp })),
    row('header crit')('has an empty list of critical extensions', withHeader({ crit: [] })),
    row('header crit')('has an unencoded payload', withHeader({ crit: ['b64'], b64: false })),
    noKid('names no key', withHeader({ kid: undefined })),
    noKid('has an empty key id', withHeader({ kid: '' })),
    noKid('has a number for a key id', withHeader({ kid: 1 })),
    noKid('has a list of key ids', withHeader({ kid: [pair.kid] })),
    unknownKid('names a key that is not in the set', byKey(stranger)),
    unknownKid('has a path for a key id', withHeader({ kid: '../../dev/null' })),
    unknownKid('has the name of an object member for a key id', withHeader({ kid: '__proto__' })),
    unknownKid('is signed by a key for encryption', byKey(traps.forEncryption)),
    unknownKid('is signed by a key whose operations are others', byKey(traps.forNothingOfOurs)),
    unknownKid('is signed by a published RSA key of 1024 bits', byKey(traps.short)),
    unknownKid('is signed by a key whose private half is published', byKey(traps.withItsPrivateHalf)),
    otherKey(
      'is signed by a key of another curve',
      signToken(
        { ...traps.ofAnotherCurve, alg: 'ES256' },
        { ...header, alg: 'ES256', kid: traps.ofAnotherCurve.kid },
        claims,
      ),
    ),
    otherKey('is signed by a key for another algorithm', byKey(traps.ofAnotherAlgorithm)),

    // Whether it is signed.
    wrongSignature(
      'is signed by another key under the id of the genuine one',
      signToken(stranger, header, claims),
    ),
    wrongSignature('has its payload swapped', `${head}.${part({ ...claims, sub: 'admin' })}.${signature}`),
    wrongSignature(
      'has its header swapped',
      `${part({ ...header, typ: undefined, note: 'x' })}.${body}.${signature}`,
    ),
    wrongSignature('has a truncated signature', `${head}.${body}.${withoutLastByte(signature)}`),
    wrongSignature('has a longer signature', `${genuine.slice(0, -2)}AAAA`),
    wrongSignature('has one bit of its signature turned', `${head}.${body}.${turnFirstBit(signature)}`),
    wrongSignature('has zeros for a signature', `${head}.${body}.${part('\0'.repeat(256))}`),
    wrongSignature(
      'has the signature of another token',
      `${head}.${body}.${withClaims({ jti: '2' }).split('.')[2]}`,
    ),
    wrongSignature(
      'is signed with PSS where PKCS #1 is claimed',
      signToken({ ...pair, alg: 'PS256' }, header, claims),
    ),

    // What it claims.
    row('no iss')('has no issuer', genuineToken(pair, withoutIssuer)),
    row('no aud')('has no audience', genuineToken(pair, withoutAudience)),
    row('no sub')('has no subject', genuineToken(pair, withoutSubject)),
    row('no iat')('has no time of issue', genuineToken(pair, withoutIat)),
    row('no exp')('has no expiry', genuineToken(pair, withoutExp)),
    row('no iss')('has no claim at all', genuineToken(pair, {})),
    row('wrong iss')('is of another issuer', withClaims({ iss: 'https://other.example' })),
    row('wrong iss')('has a slash after its issuer', withClaims({ iss: `${claims.iss}/` })),
    row('wrong iss')('has its issuer in capitals', withClaims({ iss: claims.iss.toUpperCase() })),
    row('wrong iss')('has a list of issuers', withClaims({ iss: [claims.iss] })),
    row('wrong aud')('is for another audience', withClaims({ aud: 'another' })),
    row('wrong aud')('is for a longer audience', withClaims({ aud: `${claims.aud}2` })),
    row('wrong aud')('is for other audiences', withClaims({ aud: ['a', 'b'] })),
    row('wrong aud')('is for nobody', withClaims({ aud: [] })),
    row('wrong aud')(
      'has an object for its audience',
      withClaims({ aud: { [claims.aud]: true, 0: claims.aud } }),
    ),
    row('wrong aud')('has its audience in a list in a list', withClaims({ aud: [[claims.aud]] })),
    row('expired')('expired a second ago', withClaims({ iat: now - hour, exp: now - 1 })),
    row('expired')('expires now', withClaims({ iat: now - hour, exp: now })),
    row('expired')('expired before the epoch', withClaims({ exp: -1 })),
    row('wrong exp')('has a string for an expiry', withClaims({ exp: String(claims.exp) })),
    row('wrong exp')('has null for an expiry', withClaims({ exp: null })),
    row('wrong exp')('has a list for an expiry', withClaims({ exp: [claims.exp] })),
    row('wrong exp')('expires in milliseconds', withClaims({ exp: claims.exp * 1000 })),
    row('wrong exp')('lives a second longer than a year', withClaims({ exp: now + year + 1 })),
    row('wrong exp')('never expires', asText(JSON.stringify(withoutExp).replace('{', '{"exp":1e999,'))),
    row('wrong exp')('has a huge expiry', withClaims({ exp: Number.MAX_SAFE_INTEGER })),
    row('wrong exp')(
      'was issued before time began',
      asText(JSON.stringify(withoutIat).replace('{', '{"iat":-1e999,')),
    ),
    row('wrong nbf')('is not valid yet', withClaims({ nbf: now + hour })),
    row('wrong nbf')('has a string for its beginning', withClaims({ nbf: String(now) })),
    row('wrong nbf')('begins at no time', asText(`${text.slice(0, -1)},"nbf":1e999}`)),
    row('wrong iat')('is issued in the future', withClaims({ iat: now + hour, exp: now + 2 * hour })),
    row('wrong iat')('has a string for its time of issue', withClaims({ iat: String(now) })),
    row('wrong iat')('is issued in milliseconds', withClaims({ iat: now * 1000 })),
    row('wrong sub')('has an empty subject', withClaims({ sub: '' })),
    row('wrong sub')('has a number for a subject', withClaims({ sub: 1 })),
    row('wrong sub')('has null for a subject', withClaims({ sub: null })),
    row('wrong sub')('has a list for a subject', withClaims({ sub: [claims.sub] })),
    row('wrong sub')('has a subject of 256 characters', withClaims({ sub: 's'.repeat(256) })),
    row('wrong sub')(
      'has half a character in its subject',
      asText(JSON.stringify(withoutSubject).replace('{', '{"sub":"\\ud800",')),
    ),
  ];
}

/** Forgeries that only an issuer with `tokenType: 'JWT'` tells apart. */
export function forgedTypes({ pair }: ForgedIssuer, claims: GenuineClaims): readonly ForgedToken[] {
  const typed = (name: string, typ: unknown): ForgedToken => ({
    name,
    token: signToken(pair, { alg: pair.alg, kid: pair.kid, typ }, claims),
    reason: 'wrong typ',
  });
  return [
    typed('has no type', undefined),
    typed('is an access token', 'at+jwt'),
    typed('is a proof of possession', 'dpop+jwt'),
    typed('has an empty type', ''),
    typed('has a number for a type', 1),
    typed('has a list of types', ['JWT']),
    typed('has a type of another tree', 'text/JWT'),
  ];
}

/** The zero signature that broken ES256 checks took for any token (CVE-2022-21449). `key` is a published ES256 key. */
export function psychicTokens(key: ForeignKeyPair, claims: GenuineClaims): readonly ForgedToken[] {
  const input = `${part({ alg: 'ES256', kid: key.kid, typ: 'JWT' })}.${part(claims)}`;
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
  const signed = (name: string, signature: Buffer): ForgedToken => ({
    name,
    token: `${input}.${signature.toString('base64url')}`,
    reason: 'wrong signature',
  });
  return [
    signed('has an ES256 signature of zeros', Buffer.alloc(64)),
    signed('has an ES256 signature of the order of the curve', Buffer.from(order.repeat(2), 'hex')),
    signed('has a zero signature in DER', Buffer.from('3006020100020100', 'hex')),
  ];
}

const base64urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same byte in another spelling: only bits that no byte has differ. */
function turnLastBit(character: string): string {
  return base64urlAlphabet[base64urlAlphabet.indexOf(character) ^ 1] ?? '';
}

function withoutLastByte(encoded: string): string {
  return Buffer.from(encoded, 'base64url').subarray(0, -1).toString('base64url');
}

function turnFirstBit(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64url');
}

/** Whether a client could send it in a header. Tests give the others to the module directly. */
export function isSendable({ token }: ForgedToken): boolean {
  return /^[\x21-\x7e]{1,8000}$/.test(token);
}
