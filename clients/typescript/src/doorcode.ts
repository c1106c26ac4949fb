/**
 * The three calls of an app. Each tap sends at most one SMS: a request keeps its idempotency key, over its own tries,
 * over further taps and over a restart of the app, until its intention has an end; two taps at once are one call; and a wait
 * that the server named is waited here, without asking again.
 *
 * It holds no secret and reads no time of day.
 */
import { type Challenge, secondsUntil } from './challenge.ts';
import { codeIn } from './digits.ts';
import { type Answer, exchange } from './exchange.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { openKept } from './kept.ts';
import { monotonicMs } from './monotonic.ts';
import { checkedBaseUrl, type DoorcodeOptions } from './options.ts';
import { readRefusal } from './read-refusal.ts';
import { numberIn, textIn } from './record.ts';
import type { Refusal, RequestOtpResult, VerifyOtpResult } from './results.ts';
import { memoryStorage } from './storage.ts';
import {
  type Asked,
  bearsChallenge,
  challengeAfterRestart,
  challengeFrom,
  intentionIn,
  isFor,
  isNeverServed,
  nameOf,
  type RequestOtpInput,
  storedIn,
} from './under-way.ts';

/** What was under way when the app ended. */
export type Resumed =
  | { readonly tag: 'challenge'; readonly challenge: Challenge }
  /** Asked, and no answer settled it: asking for the same number again sends no second SMS. */
  | { readonly tag: 'unanswered'; readonly phoneNumber: string };

export interface Doorcode {
  requestOtp(input: RequestOtpInput): Promise<RequestOtpResult>;
  /** The same again as one's own resend: then either code works. */
  resendOtp(challenge: Challenge): Promise<RequestOtpResult>;
  /** Takes the code as it was typed or pasted. */
  verifyOtp(challenge: Challenge, typed: string): Promise<VerifyOtpResult>;
  /** Reads what was under way before a restart. */
  resume(): Promise<Resumed | undefined>;
  /** The access token of the last sign-in; whether it still lives your API says. */
  accessToken(): Promise<string | undefined>;
  /** Forgets the token. The device stays known. */
  signOut(): Promise<void>;
  /** Milliseconds on the clock that the results use. */
  now(): number;
}

/** A client; a TypeError says what is wrong with its options. */
export function createDoorcode(options: DoorcodeOptions): Doorcode {
  const baseUrl = checkedBaseUrl(options);
  const { platform, now = monotonicMs, storage = memoryStorage() } = options;
  const kept = openKept(storage);
  const underWay = new Map<string, Promise<RequestOtpResult>>();
  const verifying = new Map<string, Promise<VerifyOtpResult>>();
  const waits = new Map<string, Extract<Refusal, { readonly retryAtMs: number }>>();
  const verifyKeys = new Map<string, string>();

  const post = async (path: string, key: string, body: object): Promise<Answer | Refusal> => {
    const device = path === '/auth/request-otp' ? await kept.read('device') : undefined;
    return exchange(
      {
        url: baseUrl + path,
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': key,
          ...(device === undefined ? {} : { 'Doorcode-Device': device }),
        },
        body: JSON.stringify(body),
      },
      options,
    );
  };

  const stillWaiting = (name: string): Refusal | undefined => {
    const wait = waits.get(name);
    if (wait === undefined || wait.retryAtMs <= now()) return undefined;
    return { ...wait, retryAfterSeconds: secondsUntil(wait.retryAtMs, now()) };
  };
  const refusalOf = (answer: Answer, name: string): Refusal => {
    const refusal = readRefusal(answer, now());
    if ('retryAtMs' in refusal) waits.set(name, refusal);
    return refusal;
  };

  const send = async (asked: Asked, name: string): Promise<RequestOtpResult> => {
    const unanswered = intentionIn(await kept.read('intention'));
    const key = unanswered?.name === name ? unanswered.key : newIdempotencyKey();
    // Kept before the first byte leaves: a restart in between finds the key again.
    await kept.write('intention', JSON.stringify({ name, key, phoneNumber: asked.phoneNumber }));
    const before = storedIn(await kept.read('challenge'));
    if (before !== undefined && textIn(before, 'phoneNumber') !== asked.phoneNumber)
      await kept.write('challenge', undefined);
    const answer = await post('/auth/request-otp', key, { ...asked, platform });
    if (answer.tag !== 'answer') return answer;
    const challenge = bearsChallenge(answer) ? challengeFrom(asked, answer.body, now()) : undefined;
    if (answer.status < 300 && challenge === undefined) return { tag: 'captive-portal' };
    if (challenge !== undefined) await kept.write('challenge', JSON.stringify(challenge));
    if (challenge !== undefined || isNeverServed(answer)) await kept.write('intention', undefined);
    if (answer.status < 300 && challenge !== undefined) return { tag: 'sent', challenge };
    const refusal = refusalOf(answer, name);
    return refusal.tag === 'unavailable' ? { ...refusal, challenge } : refusal;
  };

  const requestOtp = (asked: Asked): Promise<RequestOtpResult> => {
    const { phoneNumber, purpose, context, previousRequestId } = asked;
    const name = nameOf(asked);
    const waiting = stillWaiting(name);
    if (waiting !== undefined) return Promise.resolve(waiting);
    return single(underWay, name, () => send({ phoneNumber, purpose, context, previousRequestId }, name));
  };

  const keptVerifyKey = async (requestId: string): Promise<string | undefined> => {
    const stored = storedIn(await kept.read('challenge'));
    if (stored === undefined || textIn(stored, 'requestId') !== requestId) return undefined;
    return textIn(stored, 'verifyKey') || undefined;
  };

  const verify = async (challenge: Challenge, code: string): Promise<VerifyOtpResult> => {
    const { requestId, context, phoneNumber, purpose } = challenge;
    // The server's memory of a win covers the code too, so one key serves a challenge until it has an answer.
    const key = verifyKeys.get(requestId) ?? (await keptVerifyKey(requestId)) ?? newIdempotencyKey();
    verifyKeys.set(requestId, key);
    await kept.write('challenge', JSON.stringify({ ...challenge, verifyKey: key }));
    const answer = await post('/auth/verify-otp', key, { requestId, code, context });
    if (answer.tag !== 'answer') return answer;
    const { status, body } = answer;
    const reference = textIn(body, 'instance') || answer.reference;
    if (status < 300) {
      const accessToken = textIn(body, 'accessToken');
      if (accessToken === '') return { tag: 'captive-portal' };
      const deviceToken = textIn(body, 'deviceToken');
      if (deviceToken !== '') await kept.write('device', deviceToken);
      await kept.write('token', accessToken);
      await kept.write('challenge', undefined);
      // A resend that was still open has nothing left to send for.
      const open = intentionIn(await kept.read('intention'));
      if (open !== undefined && isFor(open, { phoneNumber, purpose }))
        await kept.write('intention', undefined);
      return { tag: 'signed-in', accessToken, expiresInSeconds: numberIn(body, 'expiresInSeconds', 0) };
    }
    switch (textIn(body, 'type')) {
      case 'urn:doorcode:incorrect-code':
        verifyKeys.set(requestId, newIdempotencyKey());
        return {
          tag: 'incorrect-code',
          attemptsRemaining: numberIn(body, 'attemptsRemaining', 0),
          reference,
        };
      case 'urn:doorcode:expired-code':
        await kept.write('challenge', undefined);
        return { tag: 'expired-code', reference };
      default:
        return refusalOf(answer, `verify ${phoneNumber}`);
    }
  };

  return {
    requestOtp,
    resendOtp: ({ phoneNumber, purpose, context, requestId }) =>
      requestOtp({ phoneNumber, purpose, context, previousRequestId: requestId }),
    verifyOtp: async (challenge, typed) => {
      const code = codeIn(typed, challenge.codeLength);
      if (code === undefined) return { tag: 'malformed-code' };
      const waiting = stillWaiting(`verify ${challenge.phoneNumber}`);
      if (waiting !== undefined) return waiting;
      return single(verifying, challenge.requestId + code, () => verify(challenge, code));
    },
    resume: async () => {
      const stored = storedIn(await kept.read('challenge'));
      if (stored !== undefined) return { tag: 'challenge', challenge: challengeAfterRestart(stored, now()) };
      const unanswered = intentionIn(await kept.read('intention'));
      return unanswered && { tag: 'unanswered', phoneNumber: unanswered.phoneNumber };
    },
    accessToken: () => kept.read('token'),
    signOut: () => kept.write('token', undefined),
    now,
  };
}

/** Two calls of one name at a time are one. */
function single<T>(running: Map<string, Promise<T>>, name: string, start: () => Promise<T>): Promise<T> {
  const present = running.get(name);
  if (present !== undefined) return present;
  const started = start().finally(() => running.delete(name));
  running.set(name, started);
  return started;
}
