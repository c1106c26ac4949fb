/**
 * Every grant of the template, taken away alone: something must fail, or the grant is superfluous; and a grant that
 * goes missing is noticed here, whatever it was for. Then it comes back, and what failed works again.
 *
 * The rights change under the running stack, and only their holder gets a new process. What the holder does is tried first,
 * and the rest until something fails. After the last grant of a holder everything is tried.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakerFailures, probePauseSeconds } from '../../functions/settings/fixed-numbers.ts';
import { synthesiseForThisMachine } from '../../lib/synthesise.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { templateSchema } from '../../local/template.ts';
import { call } from '../../test-kit/http.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { storeCandidate } from '../../test-kit/provider-key.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { type Grant, grantsOf } from '../../test-kit/template-grants.ts';

const outdir = join(tmpdir(), `doorcode-grants-${process.pid}`);
/** Everything that asks for a right of its own is switched on. */
const idleDays = 1;
const settings = {
  sendsPerNumberBlock: 1_000_000,
  testNumbersUntil: '2099-12-31',
  sessions: { idleDays },
};
const props = { appName: 'Doorcode', audience: 'doorcode-app', env: { region: 'ap-south-1' }, ...settings };
const [synthesised] = synthesiseForThisMachine({ outdir, stacks: { Doorcode: props } }).stacks;
const grants = grantsOf(v.parse(templateSchema, synthesised?.template));
const rows: { holder: string; grant: string; 'what fails without it': string }[] = [];
let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings });
  await storeControls({ testNumbers: [{ ...testNumber, until: '2099-12-31', perDay: 20 }] });
});
afterAll(async () => {
  await stack.stop();
  rmSync(outdir, { recursive: true, force: true });
  printTable('Each grant, taken away alone', rows);
});

const testNumber = { phoneNumber: '+916000000001', code: '402961' };

async function storeControls(controls: unknown): Promise<void> {
  const SecretId = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'ControlsSecret')?.arn;
  await stack.secretsManager.call('PutSecretValue', { SecretId, SecretString: JSON.stringify(controls) });
}

/** How often something was tried. Each time everybody's clock is further on, because limits look back a day. */
let uses = 0;
/** A device may ask ten times in 24 hours; one refused for that would look like a missing grant. */
const secondsBetweenUses = 3 * 3600;

function goOn(): void {
  uses += 1;
  for (const name of ['request-otp', 'verify-otp', 'session', 'support'])
    stack.pool(name).shiftClock(uses * secondsBetweenUses);
  stack.provider.control({ clockOffsetSeconds: uses * secondsBetweenUses });
}

/** What an app does that nobody knows yet, and what other APIs read. */
async function tryStranger(): Promise<readonly string[]> {
  const phoneNumber = freshNumber();
  const asked = await ask(stack, phoneNumber);
  const verified =
    asked.status === 202 ? await type(stack, asked.json.requestId, codeFor(stack, phoneNumber)) : undefined;
  const jwks = await call(`${stack.apiUrl}/.well-known/jwks.json`);
  const discovery = await call(`${stack.apiUrl}/.well-known/openid-configuration`);
  const server = await call(`${stack.apiUrl}/.well-known/oauth-authorization-server`);
  const ended = [
    ['POST request-otp', asked.status, 202],
    ['POST verify-otp', verified?.status ?? 200, 200],
    ['GET jwks.json', jwks.status, 200],
    ['GET openid-configuration', discovery.status, 200],
    ['GET oauth-authorization-server', server.status, 200],
  ] as const;
  return ended.filter(([, status, good]) => status !== good).map(([what, status]) => `${what}: ${status}`);
}

/** Of a device that signed in once, before anything was taken away. */
let device: { readonly phoneNumber: string; readonly token: string } | undefined;

/** What a returning device does: it asks and signs in again, past a limit that its number's strangers have met. */
async function tryDevice(): Promise<readonly string[]> {
  if (device === undefined) {
    device = await rememberDevice();
    goOn();
  }
  const { phoneNumber, token } = device;
  const before = stack.awsCalls.length;
  const headers = { 'doorcode-device': token };
  const key = (name: string): string => `${name}-of-a-device-${uses}`;
  const asked = await ask(stack, phoneNumber, { headers, idempotencyKey: key('first') });
  const wasStranger = stack.awsCalls.slice(before).some(({ keyPrefix }) => keyPrefix === 'address');
  const readsOfRefusals = {
    'asked again as a stranger':
      (await ask(stack, phoneNumber, { idempotencyKey: key('first') })).status === 202,
    'asked too soon':
      (await ask(stack, phoneNumber, { headers, idempotencyKey: key('second') })).status === 429,
  };
  const verified =
    asked.status === 202 ? await type(stack, asked.json.requestId, codeFor(stack, phoneNumber)) : undefined;
  return [
    ...(asked.status === 202 ? [] : [`device: ${asked.status}`]),
    ...Object.entries(readsOfRefusals).flatMap(([what, isRight]) => (isRight ? [] : [`device ${what}`])),
    ...((verified?.status ?? 200) === 200 ? [] : [`device signs in: ${verified?.status}`]),
    ...(wasStranger ? ['device taken for a stranger'] : []),
  ];
}
async function rememberDevice(): Promise<{ phoneNumber: string; token: string }> {
  const phoneNumber = freshNumber();
  const { json } = await ask(stack, phoneNumber);
  const typed = await type(stack, json.requestId, codeFor(stack, phoneNumber));
  return { phoneNumber, token: String(typed.json.deviceToken) };
}

async function tryTestNumber(): Promise<readonly string[]> {
  const asked = await ask(stack, testNumber.phoneNumber);
  if (asked.status !== 202) return [`test number: ${asked.status}`];
  const typed = await type(stack, asked.json.requestId, testNumber.code);
  return typed.status === 200 ? [] : [`test number signs in: ${typed.status}`];
}

/** What a worker does when the provider is in trouble: it stops, takes its turn to look, and finds the provider back. */
async function tryTrouble(): Promise<readonly string[]> {
  const pool = stack.pool('request-otp');
  stack.provider.control({ fault: { name: '500', times: breakerFailures } });
  for (let i = 0; i < breakerFailures; i += 1) await ask(stack, freshNumber());
  stack.provider.control({ fault: null });
  pool.shiftClock(uses * secondsBetweenUses + probePauseSeconds);
  const asked = await ask(stack, freshNumber());
  return asked.status === 202 ? [] : [`after trouble: ${asked.status}`];
}

/** What support does: it tells what happened to a number and what there is of it, and forgets it. */
async function trySupport(): Promise<readonly string[]> {
  const phoneNumber = freshNumber();
  const sent = await ask(stack, phoneNumber);
  if (sent.status !== 202) return [`POST request-otp for support: ${sent.status}`];
  const pool = stack.pool('support');
  const asked = async (ask: 'why' | 'held' | 'forget'): Promise<string> =>
    JSON.stringify(await pool.invoke({ ask, phoneNumber, askedBy: 'a test' }));
  const failed: string[] = [];
  for (const ask of ['why', 'held', 'forget'] as const) {
    let told = await asked(ask);
    // A busy machine may take longer than one try of a call.
    if (told.includes('TimeoutError')) told = await asked(ask);
    if (/"tag":"(error|crash|timeout)"|cannot be|no call for/.test(told))
      failed.push(`support ${ask}: ${told}`);
  }
  return failed;
}

/** What a function noted in its log because it could not do it, while the user was served all the same. */
const notes = /"code":"(verify-otp\.(?:not-counted|device-not-remembered)|session\.controls-unreadable)"/;

/** What an init could not do for want of a right; a busy machine is no reason. */
const unready = /"code":"(init\.unready)".*"reason":"AccessDeniedException"/;

/** What is noted since the last time; an init ends before anything is used. */
function newNotes(): readonly string[] {
  const lines = stack.logLines.slice(linesRead);
  linesRead = stack.logLines.length;
  return [...new Set(lines.flatMap(({ line }) => notes.exec(line)?.[1] ?? unready.exec(line)?.[1] ?? []))];
}
let linesRead = 0;

/** A sign-in with a session, and what an app then does with it. */
async function trySession(): Promise<readonly string[]> {
  const phoneNumber = freshNumber();
  const asked = await ask(stack, phoneNumber);
  if (asked.status !== 202) return [`session: ${asked.status}`];
  const body = { requestId: asked.json.requestId, code: codeFor(stack, phoneNumber), session: {} };
  const verified = await call(`${stack.apiUrl}/auth/verify-otp`, { body });
  const begun: unknown = verified.json.refreshToken;
  if (typeof begun !== 'string') return [`session starts: ${verified.status}`];
  const form = (path: string, parameters: Record<string, string>) =>
    call(`${stack.apiUrl}${path}`, {
      body: new URLSearchParams(parameters).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const refreshed = await form('/auth/token', { grant_type: 'refresh_token', refresh_token: begun });
  const token = String(refreshed.json?.refresh_token ?? begun);
  const listed = await call(`${stack.apiUrl}/auth/sessions`, { body: { refreshToken: token } });
  const revoked = await form('/auth/revoke', { token });
  const ended = { token: refreshed.status, sessions: listed.status, revoke: revoked.status };
  return Object.entries(ended).flatMap(([path, status]) =>
    status === 200 ? [] : [`POST ${path}: ${status}`],
  );
}

/** The token of each secret's last rotation: one that stopped half-way is gone on with. */
const tokens = new Map<string, string>();

let rotations = 0;

async function rotateEverything(): Promise<readonly string[]> {
  const failed: string[] = [];
  await storeCandidate(stack);
  // The session secret may rotate when no idle phone needs the one before.
  rotations += 1;
  const aheadSeconds = rotations * (idleDays + 2) * 86_400;
  stack.shiftSecretsClock(aheadSeconds);
  stack.pool('rotate-session-secret').shiftClock(aheadSeconds);
  for (const { secretArn } of stack.deployment.rotations) {
    const name = stack.deployment.secrets.find(({ arn }) => arn === secretArn)?.logicalId;
    const last = tokens.get(secretArn);
    const hasGoneOn = last !== undefined && (await rotates(secretArn, last));
    const next = crypto.randomUUID();
    tokens.set(secretArn, next);
    if (hasGoneOn || (await rotates(secretArn, next))) tokens.delete(secretArn);
    else failed.push(`RotateSecret ${name}`);
  }
  return failed;
}

async function rotates(SecretId: string, ClientRequestToken: string): Promise<boolean> {
  try {
    await stack.secretsManager.call('RotateSecret', { SecretId, ClientRequestToken });
    return true;
  } catch {
    return false;
  }
}

async function runSchedules(): Promise<readonly string[]> {
  return stack.runSchedules().then(
    () => [],
    () => ['schedule'],
  );
}

/** Everything that anybody does with the stack. */
const everything = {
  stranger: tryStranger,
  device: tryDevice,
  testNumber: tryTestNumber,
  trouble: tryTrouble,
  session: trySession,
  support: trySupport,
  rotations: rotateEverything,
  schedules: runSchedules,
} as const;

type Part = keyof typeof everything;

const allParts = Object.keys(everything) as readonly Part[];

/** Does one part, and tells what failed or was noted. */
async function tryPart(part: Part): Promise<readonly string[]> {
  goOn();
  const failed = await everything[part]();
  return [...failed, ...newNotes()];
}

/** Does everything, and how it ended; a failure of one part stops none of the others. */
async function tryEverything(): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const part of allParts) failed.push(...(await tryPart(part)));
  return failed;
}

/** What a holder does first, so that what fails for want of a grant is found soon. The other parts come after it. */
const partsOf: Readonly<Record<string, readonly Part[]>> = {
  RequestOtp: ['stranger', 'device', 'trouble'],
  VerifyOtp: ['stranger', 'device', 'session'],
  Session: ['session'],
  Support: ['support'],
  RotateSigningKey: ['rotations', 'schedules'],
  RotateProviderKey: ['rotations'],
  RotateCodeSecret: ['rotations'],
  RotateSessionSecret: ['rotations'],
  'secretsmanager.amazonaws.com': ['rotations'],
  'events.amazonaws.com': ['schedules'],
};

/** The first part that fails, and how; undefined where everything works. */
async function firstFailure(
  holder: string,
): Promise<{ readonly part: Part; readonly failed: readonly string[] } | undefined> {
  for (const part of new Set([...(partsOf[holder] ?? []), ...allParts])) {
    const failed = await tryPart(part);
    if (failed.length > 0) return { part, failed };
  }
  return undefined;
}

/** Changes the rights, and gives their holder a new process: one that runs has read its secrets already. */
async function change(holder: string, alter?: Grant['remove']): Promise<void> {
  stack.changeRights(alter);
  const name = holder.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  if (!stack.deployment.functions.some((deployed) => deployed.name === name)) return;
  await stack.pool(name).restart();
  newNotes();
  await stack.pool(name).prestart(1);
}

const maxInits = 5;

describe('without', () => {
  it('nothing missing, everything works', async () => {
    expect(await tryEverything()).toEqual([]);
  });

  const holders = [...new Set(grants.map(({ holder }) => holder))];

  describe.each(holders)('a grant of %s', (holder) => {
    it.each(grants.filter((grant) => grant.holder === holder))(
      '$allows, something fails, and works again with it',
      async ({ allows, remove }) => {
        let found: Awaited<ReturnType<typeof firstFailure>>;
        // An init on a busy machine may be over before it was refused anything: then another one is.
        for (let inits = 1; inits <= maxInits && found === undefined; inits += 1) {
          await change(holder, remove);
          found = await firstFailure(holder);
        }
        rows.push({
          holder,
          grant: allows,
          'what fails without it': (found?.failed ?? []).join(', ').slice(0, 120),
        });
        await change(holder);
        if (found === undefined) throw new Error('nothing fails');
        expect(await tryPart(found.part)).toEqual([]);
      },
    );

    it('leaves nothing broken: with all of them, everything works', async () => {
      expect(await tryEverything()).toEqual([]);
    });
  });
});

describe('the stack', () => {
  it('lets verify-otp read no SMS key, and well-known no secret', () => {
    const readers = (secret: string) =>
      grants
        .filter(({ allows }) => allows === `secretsmanager:GetSecretValue on ${secret}`)
        .map((g) => g.holder);
    expect(readers('SmsSecret')).toContain('RequestOtp');
    expect(readers('SmsSecret')).not.toContain('VerifyOtp');
    for (const { logicalId } of stack.deployment.secrets)
      expect(readers(logicalId)).not.toContain('WellKnown');
  });
});
