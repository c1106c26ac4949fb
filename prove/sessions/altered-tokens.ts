/**
 * R9, row 11: altered, made-up and foreign refresh tokens. None is accepted, and none costs a call to the table. The table
 * of one deployment together with one of its two secrets forges nothing either.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { sealNumber } from '../../functions/otp/sealed-number.ts';
import { refreshTokenOf, sessionIdOf } from '../../functions/sessions/refresh-token.ts';
import type { SessionStore } from '../../functions/sessions/session-store.ts';
import { secretVersion, startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { type Chance, seeded } from '../seeded.ts';

const altered = 100_000;
const number = '+919876543210';
const identity = 'i'.repeat(64);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const bytesOf = { format: 0, tag: 1, generation: 5, sealed: 9, authenticator: 56, end: 72 } as const;

type Alter = (token: string, chance: Chance) => string;

const changed = (token: string, change: (bytes: Buffer) => void): string => {
  const bytes = Buffer.from(token, 'base64url');
  change(bytes);
  return bytes.toString('base64url');
};
const part =
  (from: number, to: number): Alter =>
  (token, chance) =>
    changed(token, (bytes) => {
      const at = from + chance.below(to - from);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + chance.below(255));
    });
const insert = (token: string, chance: Chance, text: string): string => {
  const at = chance.below(token.length + 1);
  return token.slice(0, at) + text + token.slice(at);
};

/** Each makes of an authentic token one that is not. */
const alterations: Readonly<Record<string, Alter>> = {
  'one bit': (token, chance) =>
    changed(token, (bytes) => {
      const bit = chance.below(bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    }),
  'another format': part(bytesOf.format, bytesOf.tag),
  'another key tag': part(bytesOf.tag, bytesOf.generation),
  'another generation': part(bytesOf.generation, bytesOf.sealed),
  'another number': part(bytesOf.sealed, bytesOf.authenticator),
  'another authenticator': part(bytesOf.authenticator, bytesOf.end),
  'the next generation': (token) =>
    changed(
      token,
      (bytes) => void bytes.writeUInt32BE(bytes.readUInt32BE(bytesOf.generation) + 1, bytesOf.generation),
    ),
  'the generation before': (token) =>
    changed(
      token,
      (bytes) =>
        void bytes.writeUInt32BE((bytes.readUInt32BE(bytesOf.generation) - 1) >>> 0, bytesOf.generation),
    ),
  'the last generation': (token) =>
    changed(token, (bytes) => void bytes.writeUInt32BE(0xffff_ffff, bytesOf.generation)),
  shorter: (token, chance) => token.slice(0, chance.below(token.length)),
  longer: (token, chance) => token + chance.pick([...alphabet]),
  'another letter': (token, chance) => {
    const at = chance.below(token.length);
    const other = chance.pick([...alphabet].filter((letter) => letter !== token[at]));
    return token.slice(0, at) + other + token.slice(at + 1);
  },
  'a letter of no alphabet': (token, chance) =>
    insert(
      token.slice(1),
      chance,
      chance.pick([' ', '\n', '\t', '=', '.', '+', '/', '%', '\0', 'é', 'Ａ', '٣', '\u200b', '\u2028']),
    ),
  padded: (token, chance) => token + '='.repeat(1 + chance.below(3)),
  'in another case': (token, chance) => (chance.next() < 0.5 ? token.toUpperCase() : token.toLowerCase()),
  'the other base64': (token) => `${token.slice(0, -1)}+`,
  'in hexadecimal': (token) => Buffer.from(token, 'base64url').toString('hex'),
  twice: (token) => token + token,
  'made up': () => randomBytes(bytesOf.end).toString('base64url'),
  'made up, with format and tag': (token) =>
    changed(token, (bytes) => bytes.set(randomBytes(bytesOf.end - bytesOf.generation), bytesOf.generation)),
};

/** Runs all alterations in turn, on tokens of several sessions. */
export async function alteredTokens({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const table = await startTestTable();
  try {
    return await play(table, { seed, scale, onProgress, signal });
  } finally {
    await table.stop();
  }
}

async function play(table: TestTable, { seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const chance = seeded(seed);
  const flow = startSessionFlow(table, {}, identity);
  const violations: string[] = [];
  const tokens: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    let token = await flow.signIn(i % 4 === 0 ? number : `+9198765430${10 + i}`);
    for (let g = 0; g < i % 4; g += 1) {
      const outcome = await flow.refresh(token, `attempt of ${g}`);
      if (outcome.tag !== 'refreshed') throw new Error(`expected a refresh, got ${outcome.tag}`);
      tokens.push(token);
      token = outcome.grant.refreshToken;
    }
    tokens.push(token);
  }
  const authentic = new Set(tokens);
  let calls = 0;
  const counted = <T>(): Promise<T> => {
    calls += 1;
    return Promise.reject(new Error('a call'));
  };
  const noStore: SessionStore = {
    start: counted,
    refresh: counted,
    prune: counted,
    end: counted,
    read: counted,
  };
  flow.state.around = () => noStore;

  const refused = async (name: string, text: string): Promise<void> => {
    const outcomes = await Promise.all([
      flow.refresh(text, 'an attempt of somebody').catch(() => ({ tag: 'a call' })),
      flow.revoke(text).catch(() => ({ tag: 'a call' })),
      flow.list(text, 'all').catch(() => ({ tag: 'a call' })),
    ]);
    const said = outcomes.map(({ tag }) => tag).join(', ');
    if (said !== 'invalid-grant, nothing-to-revoke, invalid-grant') violations.push(`${name}: ${said}`);
  };

  const names = Object.keys(alterations);
  const total = scaled(altered, { scale });
  let tried = 0;
  // A token as it is does reach the table: the check can fail.
  await flow.refresh(tokens[0] ?? '', 'an attempt').catch(() => undefined);
  const reaching = calls;
  if (reaching !== 1) violations.push('an authentic token made no call');
  calls = 0;
  for (let i = 0; i < total && !signal.aborted; i += 1) {
    const name = names[i % names.length] ?? '';
    const text = alterations[name]?.(chance.pick(tokens), chance) ?? '';
    if (authentic.has(text)) continue;
    await refused(name, text);
    tried += 1;
    if (tried % 1_000 === 0) onProgress(`${tried} of ${total} tokens, ${violations.length} violations`);
  }
  signal.throwIfAborted();
  // Each bit of one token, whatever the seed.
  for (let bit = 0; bit < bytesOf.end * 8; bit += 1) {
    await refused(
      `bit ${bit}`,
      changed(tokens[0] ?? '', (bytes) => {
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }),
    );
    tried += 1;
  }
  const forged = await forgeries(table, tokens);
  for (const [name, text] of forged) await refused(name, text);
  if (calls !== 0) violations.push(`${calls} calls to the table`);
  return {
    id: 'R9, row 11',
    what: `${tried} altered tokens, and ${forged.length} forged with the table and one secret`,
    goal: '0 accepted, 0 table calls; 0 forged',
    seen: `${violations.length} accepted, ${calls} table calls; each asked to refresh, to revoke and to list`,
    method:
      'the flows themselves; the store counts calls. Each bit, length, spelling, format, tag and generation',
    seed,
    violations,
  };
}

/** What somebody makes who has the whole table, and one of the two secrets. */
async function forgeries(
  table: TestTable,
  tokens: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  const token = tokens[0] ?? '';
  const sameIdentity = startSessionFlow(table, {}, identity);
  const otherIdentity = startSessionFlow(table, {}, 'j'.repeat(64));
  const now = sameIdentity.state.now;
  const own = { current: secretVersion('first', now - 86_400), previous: undefined };
  const foreign = { current: secretVersion('foreign', now - 86_400), previous: undefined };
  const foreignWithOurTag = { current: { ...foreign.current, tag: own.current.tag }, previous: undefined };
  const { sessions } = await sameIdentity.record(number);
  const inTable = sessions.map(({ id }) => id);
  const phoneNumber = sameIdentity.phone(number);
  const made = (of: typeof own, keys: typeof sameIdentity.keys, name: string): string =>
    refreshTokenOf(keys, { name, lane: 'public', phoneNumber, generation: 0 }, { secret: of, now });
  const padded = (text: string): string =>
    Buffer.concat([Buffer.from(text, 'base64url'), Buffer.alloc(16)])
      .subarray(0, 16)
      .toString('base64url');
  return [
    // The identity secret: seals, and does not authenticate.
    ...inTable.map(
      (id) => ['identity secret', made(foreignWithOurTag, sameIdentity.keys, padded(id))] as const,
    ),
    ['identity secret, no authenticator', changed(token, (bytes) => bytes.fill(0, bytesOf.authenticator))],
    [
      'identity secret, resealed for another number',
      changed(token, (bytes) => {
        const name = Buffer.from(bytes.subarray(bytesOf.sealed, bytesOf.sealed + 16)).toString('base64url');
        const sealed = sealNumber(sameIdentity.keys.sessionSeal, {
          name,
          lane: 'public',
          needsSession: false,
          phoneNumber: sameIdentity.phone('+919876543211'),
        });
        bytes.set(Buffer.from(sealed, 'base64url'), bytesOf.sealed);
      }),
    ],
    // The session secret: authenticates, and does not seal.
    ...inTable.map((id) => ['session secret', made(own, otherIdentity.keys, padded(id))] as const),
    ['another stack, both secrets its own', made(foreign, otherIdentity.keys, padded('a'))],
    ['another stack with our tag', made(foreignWithOurTag, otherIdentity.keys, padded('a'))],
    // What the table has, taken for what it hashes.
    ...inTable.map(
      (id) =>
        [
          `id as name ${sessionIdOf(sameIdentity.keys, padded(id)) === id}`,
          made(foreign, sameIdentity.keys, padded(id)),
        ] as const,
    ),
    [
      'authenticator by a well-known key',
      changed(token, (bytes) =>
        bytes.set(
          createHmac('sha256', '').update(bytes.subarray(0, bytesOf.authenticator)).digest().subarray(0, 16),
          bytesOf.authenticator,
        ),
      ),
    ],
  ];
}
