/**
 * Plays one case like an app. It requests a code, repeats the request while the faults last, repeats it once more after
 * them, and its user signs in. Each property that must hold is one sentence. The function returns those that did not hold.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import type { Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, smsTo, type } from '../../test-kit/sign-in.ts';
import type { Ledger } from '../leaks/ledger.ts';
import { arm, disarm, functionOf, isRequest, secondsBefore } from './arm.ts';
import type { Cell } from './cell.ts';
import type { Stage } from './stage.ts';
import { flawOf } from './well-formed.ts';

export interface Played {
  readonly violations: readonly string[];
  /** The longest that an answer under the faults took, as the app saw it. */
  readonly slowestMs: number;
  /** True where the app waits for an SMS that was never sent. That is allowed, and the suite counts it. */
  readonly waitsInVain: boolean;
}

/** The case did not reach its faults, because the machine was too busy for the steps before them. */
export class Unready extends Error {}

/** After this time every late write has arrived. */
const settleMs = 1_300;
const healthyTries = 5;

interface Notes {
  readonly violations: string[];
  slowestMs: number;
}

/** Plays `cell` on a stage of its own for the time being. */
export async function playCell(stage: Stage, cell: Cell, ledger: Ledger): Promise<Played> {
  const notes: Notes = { violations: [], slowestMs: 0 };
  const { stack } = stage;
  const linesBefore = stack.logLines.length;
  disarm(stage);
  const waitsInVain = isRequest(cell.flow)
    ? await playRequest(stage, cell, { notes, ledger })
    : await playVerify(stage, cell, { notes, ledger });
  disarm(stage);
  if (cell.secret !== undefined) await stack.pool(functionOf(cell)).restart();
  const faults = stack.logLines.slice(linesBefore).filter(({ line }) => /"code":"[a-z-]+\.fault"/.test(line));
  for (const { line } of faults) notes.violations.push(`an unhandled error: ${line}`);
  return { ...notes, waitsInVain };
}

interface Playing {
  readonly notes: Notes;
  readonly ledger: Ledger;
}

async function timed({ notes, ledger }: Playing, call: Promise<Reply>): Promise<Reply> {
  const startedAtMs = performance.now();
  const reply = await call;
  notes.slowestMs = Math.max(notes.slowestMs, performance.now() - startedAtMs);
  return noted({ notes, ledger }, reply);
}

/** Looks at an answer, and keeps it for the leak scan, without the token that belongs in it. */
function noted({ notes, ledger }: Playing, reply: Reply): Reply {
  const flaw = flawOf(reply);
  if (flaw !== undefined) notes.violations.push(flaw);
  const token: unknown = reply.status === 200 ? reply.json?.accessToken : undefined;
  if (typeof token === 'string') ledger.protect('token', token.split('.')[2] ?? token);
  if (typeof reply.json?.requestId === 'string') ledger.protect('request id', reply.json.requestId);
  const text = typeof token === 'string' ? reply.text.replace(token, '') : reply.text;
  ledger.wrote('answer', `${reply.status} ${JSON.stringify(reply.headers)} ${text}`);
  return reply;
}

/**
 * A call without faults. On a busy machine the functions may still wait too long for the table. Then the app retries, as
 * the answer told it.
 */
async function healthy(playing: Playing, call: () => Promise<Reply>): Promise<Reply> {
  let reply = noted(playing, await call());
  for (let i = 0; i < healthyTries && reply.status === 503 && !reply.json.requestId; i += 1) {
    await pause(settleMs);
    reply = noted(playing, await call());
  }
  return reply;
}

async function playRequest(stage: Stage, cell: Cell, playing: Playing): Promise<boolean> {
  const { stack } = stage;
  const { violations } = playing.notes;
  const [phoneNumber, from] = [freshNumber(), freshAddress()];
  const idempotencyKey = `intention-${crypto.randomUUID()}`;
  playing.ledger.protect('idempotency key', idempotencyKey);

  stack.pool('request-otp').shiftClock(-secondsBefore);
  const earlier = await healthy(playing, () => ask(stack, phoneNumber, { from }));
  if (earlier.status !== 202)
    throw new Unready(`the first request was answered ${earlier.status} ${earlier.text}`);
  const earlierCode = codeFor(stack, phoneNumber);
  stack.pool('request-otp').shiftClock(0);
  const isKnown = cell.flow === 'request of a known device';
  const signedIn = isKnown
    ? await healthy(playing, () =>
        type(stack, earlier.json.requestId, earlierCode, `known-${idempotencyKey}`),
      )
    : undefined;
  const deviceToken: unknown = signedIn?.json.deviceToken;
  if (isKnown && typeof deviceToken !== 'string')
    throw new Unready(`the first sign-in was answered ${signedIn?.status}, without a device token`);
  const headers = typeof deviceToken === 'string' ? { 'doorcode-device': deviceToken } : {};

  await arm(stage, cell, phoneNumber);
  const asked: Reply[] = [];
  for (let i = 0; i < 2; i += 1) {
    const before = smsTo(stack, phoneNumber);
    const reply = await timed(playing, ask(stack, phoneNumber, { from, idempotencyKey, headers }));
    asked.push(reply);
    if (reply.status === 503 && !reply.json.requestId && smsTo(stack, phoneNumber) > before)
      violations.push('said that no SMS was sent, and one was');
  }
  disarm(stage);
  if (cell.table?.mode === 'late' || cell.secret?.mode === 'late') await pause(settleMs);
  asked.push(await healthy(playing, () => ask(stack, phoneNumber, { from, idempotencyKey, headers })));

  const sms = smsTo(stack, phoneNumber) - 1;
  if (sms > 1) violations.push(`${sms} SMS for one intention`);
  const counted = await stage.sendsCounted(phoneNumber);
  if (counted < sms + 1) violations.push(`${sms + 1} SMS, and ${counted} counted`);

  // The user signs in with the newest SMS, or with the one from before if none came.
  const requestId = asked.findLast(({ json }) => json.requestId !== undefined)?.json.requestId;
  const lane = isKnown ? 'device' : 'phone';
  const [id, code] =
    sms === 0 ? [earlier.json.requestId, earlierCode] : [requestId, codeFor(stack, phoneNumber)];
  if (id === undefined) violations.push('an SMS came, and no answer named its request');
  // The code from before has made the device known, and is used up.
  else if (!isKnown || sms > 0) await signIn(stage, { phoneNumber, requestId: id, code, lane }, playing);
  return sms === 0 && asked.some(({ status }) => status === 202);
}

interface SigningIn {
  readonly lane: 'phone' | 'device';
  readonly phoneNumber: string;
  readonly requestId: string;
  readonly code: string;
}

/** The right code wins once. */
async function signIn(
  stage: Stage,
  { phoneNumber, requestId, code, lane }: SigningIn,
  playing: Playing,
): Promise<void> {
  const { violations } = playing.notes;
  const key = `sign-in-${crypto.randomUUID()}`;
  const won = await healthy(playing, () => type(stage.stack, requestId, code, key));
  if (won.status !== 200) violations.push(`the right code was answered ${won.status} ${won.text}`);
  await holdsOneWin(stage, { phoneNumber, requestId, code, lane }, { playing, tokens: [won] });
}

async function holdsOneWin(
  stage: Stage,
  { phoneNumber, requestId, code, lane }: SigningIn,
  { playing, tokens }: { playing: Playing; tokens: readonly Reply[] },
): Promise<void> {
  const { violations } = playing.notes;
  const given = tokens.filter(({ status }) => status === 200).map(({ json }) => decodeJwt(json.accessToken));
  const names = new Set(given.map(({ jti }) => jti));
  if (names.size > 1) violations.push(`${names.size} different tokens for one code`);
  const { lastVerifiedAt, latest, earlier } = await stage.record(phoneNumber, lane);
  if (given.length > 0 && lastVerifiedAt === 0) violations.push('a token, and no win in the table');
  if (given.some(({ iat }) => iat !== lastVerifiedAt))
    violations.push('a token of another time than its win');
  if (given.length > 0 && (latest ?? earlier) !== undefined) violations.push('a code lives on after a win');
  const again = await healthy(playing, () => type(stage.stack, requestId, code));
  if (again.status === 200) violations.push('a code that had won was taken again');
}

async function playVerify(stage: Stage, cell: Cell, playing: Playing): Promise<boolean> {
  const { stack } = stage;
  const { violations } = playing.notes;
  const phoneNumber = freshNumber();
  const asked = await healthy(playing, () => ask(stack, phoneNumber, { from: freshAddress() }));
  if (asked.status !== 202) throw new Unready(`the request was answered ${asked.status} ${asked.text}`);
  const { requestId } = asked.json;
  const code = codeFor(stack, phoneNumber);
  const key = `intention-${crypto.randomUUID()}`;
  playing.ledger.protect('idempotency key', key);

  await arm(stage, cell, phoneNumber);
  if (cell.flow === 'wrong code') {
    const wrong = await timed(playing, type(stack, requestId, otherThan(code), key));
    if (wrong.status === 200) violations.push('a wrong code won');
    const counted = (await stage.record(phoneNumber)).tried.filter((time) => time > 0).length;
    if (wrong.status === 422 && counted === 0) violations.push('compared, and not counted');
  }
  const tokens = [await timed(playing, type(stack, requestId, code, key))];
  tokens.push(await timed(playing, type(stack, requestId, code, key)));
  disarm(stage);
  if (cell.table?.mode === 'late' || cell.secret?.mode === 'late') await pause(settleMs);
  // By the clock that it won by: how long an answer is given again moves by the skew, too.
  stack.pool('verify-otp').shiftClock(cell.clockSeconds ?? 0);
  const last = await healthy(playing, () => type(stack, requestId, code, key));
  tokens.push(last);
  if (last.status !== 200)
    violations.push(`the right code, asked again, was answered ${last.status} ${last.text}`);
  await holdsOneWin(stage, { phoneNumber, requestId, code, lane: 'phone' }, { playing, tokens });
  return false;
}

let addresses = 0;

/** An address that no case has used yet: Linux lets a client have any of 127.0.0.0/8. */
function freshAddress(): string {
  addresses += 1;
  return `127.${1 + (addresses >> 14)}.${(addresses >> 7) & 127}.${1 + (addresses & 127)}`;
}
