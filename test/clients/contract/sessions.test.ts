/** The TypeScript client does what the contract of both clients says about sessions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createSession, type Session } from '../../../clients/typescript/src/index.ts';

const answerSchema = v.strictObject({
  name: v.string(),
  status: v.optional(v.number()),
  text: v.optional(v.string()),
  /** The server is not reached. */
  fails: v.optional(v.literal(true)),
  /** Nothing comes back. */
  hangs: v.optional(v.literal(true)),
  /** What a refresh ends in. None of them ends the session. */
  gives: v.string(),
  triedAgain: v.boolean(),
});

const storages = ['good', 'locked', 'reads fail', 'writes fail', 'writes land but fail'] as const;

const stepSchema = v.strictObject({
  signIn: v.optional(v.literal(true)),
  token: v.optional(v.literal(true)),
  /** Asks for a token after an API refused this one. */
  refused: v.optional(v.string()),
  check: v.optional(v.literal(true)),
  signOut: v.optional(v.literal(true)),
  restart: v.optional(v.literal(true)),
  waitSeconds: v.optional(v.number()),
  setClockSeconds: v.optional(v.number()),
  storage: v.optional(v.picklist(storages)),
  /** What the calls of this step meet, in their order; a step without it makes none. */
  meets: v.optional(v.array(v.string())),
  /** What these calls send. Calls of one label send one attempt, calls of two labels two. */
  sends: v.optional(
    v.array(
      v.strictObject({ path: v.string(), token: v.optional(v.string()), attempt: v.optional(v.string()) }),
    ),
  ),
  gives: v.optional(v.string()),
});

const contract = v.parse(
  v.strictObject({
    answers: v.array(answerSchema),
    behaviours: v.array(v.strictObject({ name: v.string(), steps: v.array(stepSchema) })),
  }),
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../clients/contract/sessions.json'), 'utf8')),
);

interface Sent {
  readonly path: string;
  readonly token: string | undefined;
  readonly attempt: string | undefined;
  readonly key: string | undefined;
}

/** What a name in `meets` answers on a path. */
function responseTo(name: string, path: string): Response | 'fails' | 'hangs' {
  const [, generation, over] = /^granted (\d+)(, over)?$/.exec(name) ?? [];
  if (generation !== undefined) {
    const seconds = over === undefined ? 900 : 0;
    return Response.json(
      path === '/auth/verify-otp'
        ? {
            accessToken: `access-${generation}`,
            refreshToken: `refresh-${generation}`,
            expiresInSeconds: seconds,
          }
        : {
            access_token: `access-${generation}`,
            refresh_token: `refresh-${generation}`,
            expires_in: seconds,
          },
    );
  }
  const plain = { accessToken: 'access-plain', expiresInSeconds: 3600 };
  if (name === 'plain') return Response.json(plain);
  if (name === 'no session') return Response.json({ ...plain, refreshToken: null });
  if (name === 'invalid grant') return Response.json({ error: 'invalid_grant' }, { status: 400 });
  if (name === 'revoked') return new Response('');
  const answer = contract.answers.find((one) => one.name === name);
  if (answer === undefined) throw new Error(`no answer is called ${name}`);
  if (answer.fails) return 'fails';
  return answer.hangs ? 'hangs' : new Response(answer.text, { status: answer.status ?? 200 });
}

function openPhone() {
  const stored = new Map<string, string>();
  const sent: Sent[] = [];
  let monotonicMs = 5_000;
  let wallMs = 1_790_000_000_000;
  const phone = {
    sent,
    meets: [] as string[],
    storage: 'good' as (typeof storages)[number],
    session: undefined as Session | undefined,
    wait: (seconds: number) => {
      monotonicMs += seconds * 1000;
      wallMs += seconds * 1000;
    },
    setClock: (seconds: number) => {
      wallMs += seconds * 1000;
    },
    restart: () => {
      monotonicMs = 100;
      phone.session = undefined;
    },
    open: (): Session =>
      createSession({
        baseUrl: 'https://id.example.com',
        now: () => monotonicMs,
        timeOfDay: () => wallMs,
        sleep: async () => undefined,
        timeoutMs: 20,
        tries: 2,
        storage: {
          read: async (key) => {
            if (phone.storage === 'reads fail') throw new Error('broken');
            return phone.storage === 'locked' ? null : (stored.get(key) ?? null);
          },
          write: async (key, value) => {
            if (phone.storage === 'locked' || phone.storage === 'writes fail') throw new Error('not now');
            if (value === null) stored.delete(key);
            else stored.set(key, value);
            if (phone.storage === 'writes land but fail') throw new Error('or so it says');
          },
        },
        fetch: async (url, { body, headers }) => {
          const path = new URL(url).pathname;
          if (path === '/auth/request-otp')
            return Response.json({ requestId: 'r', expiresInSeconds: 300 }, { status: 202 });
          const form = new URLSearchParams(body);
          sent.push({
            path,
            token: form.get('refresh_token') ?? form.get('token') ?? undefined,
            attempt: form.get('attempt') ?? undefined,
            key: headers['idempotency-key'],
          });
          const response = responseTo(phone.meets.shift() ?? 'nothing', path);
          if (response === 'fails') throw new TypeError('Network request failed');
          return response === 'hangs' ? new Promise(() => undefined) : response;
        },
      }),
  };
  return phone;
}

type Phone = ReturnType<typeof openPhone>;

async function take(phone: Phone, step: v.InferOutput<typeof stepSchema>): Promise<string | undefined> {
  if (step.restart) phone.restart();
  if (step.storage !== undefined) phone.storage = step.storage;
  phone.wait(step.waitSeconds ?? 0);
  phone.setClock(step.setClockSeconds ?? 0);
  phone.meets = [...(step.meets ?? [])];
  if (step.gives === undefined) return undefined;
  phone.session ??= phone.open();
  const { session } = phone;
  if (step.check) return session.check();
  if (step.signOut) return String(await session.signOut());
  if (step.signIn) {
    const asked = await session.requestOtp({ phoneNumber: '+919876543210' });
    if (asked.tag !== 'sent') return asked.tag;
    return (await session.verifyOtp(asked.challenge, '123456')).tag;
  }
  const reached = await session.access(step.refused);
  return reached.tag === 'token' ? reached.accessToken : reached.tag;
}

/** Lets what runs alongside end. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a session', () => {
  it.each(contract.behaviours)('$name', async ({ steps }) => {
    const phone = openPhone();
    const attempts = new Map<string, string | undefined>();
    for (const step of steps) {
      const before = phone.sent.length;
      expect(await take(phone, step)).toBe(step.gives);
      await settle();
      const calls = phone.sent.slice(before);
      expect(calls).toHaveLength(step.meets?.length ?? 0);
      for (const [at, { path, token, attempt: label }] of (step.sends ?? []).entries()) {
        const call = calls[at];
        expect(call).toMatchObject(token === undefined ? { path } : { path, token });
        if (path === '/auth/verify-otp') expect(call?.key).toBe(calls[0]?.key);
        if (label === undefined) continue;
        expect(call?.attempt).toMatch(/^[!-~]{16,64}$/);
        if (attempts.has(label)) expect(call?.attempt).toBe(attempts.get(label));
        else expect([...attempts.values()]).not.toContain(call?.attempt);
        attempts.set(label, call?.attempt);
      }
    }
    expect(steps.some(({ gives }) => gives !== undefined)).toBe(true);
  });

  it.each(contract.answers)('is not ended by an answer to a refresh: $name', async (answer) => {
    const phone = openPhone();
    await take(phone, { signIn: true, meets: ['granted 0'], gives: '' });
    phone.wait(901);
    const meets = answer.triedAgain ? [answer.name, answer.name] : [answer.name];
    expect(await take(phone, { token: true, meets, gives: '' })).toBe(answer.gives);
    expect(phone.sent).toHaveLength(1 + meets.length);
    expect(await take(phone, { check: true, gives: '' })).toBe('signed-in');
    phone.wait(10);
    expect(await take(phone, { token: true, meets: ['granted 1'], gives: '' })).toBe('access-1');
    expect(phone.sent.at(-1)).toMatchObject({ token: 'refresh-0', attempt: phone.sent[1]?.attempt });
  });
});
