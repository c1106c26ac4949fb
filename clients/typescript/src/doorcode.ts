/**
 * The calls of an app. Each tap sends at most one SMS, and two taps at once make one call. During a wait that the server
 * named, the client makes no call. Every call ends in a value, even where a part that the app provides fails or hangs.
 *
 * It holds no secret.
 */

import { openAskStorage } from './ask-storage.ts';
import type { Challenge } from './challenge.ts';
import { monotonicMs, openClock, timeOfDayMs } from './clock.ts';
import { codeIn } from './digits.ts';
import { exchange } from './exchange.ts';
import { openKept } from './kept.ts';
import type { Line, SessionOfSignIns } from './line.ts';
import { checkedBaseUrl, type DoorcodeOptions } from './options.ts';
import { parseList, textIn } from './record.ts';
import { requestOtp } from './request-otp.ts';
import type { RequestOtpResult, VerifyOtpResult } from './results.ts';
import { memoryStorage } from './storage.ts';
import { tagIn } from './tag.ts';
import { openTurns } from './turns.ts';
import {
  type About,
  type Asked,
  challengeFrom,
  type Entry,
  endOf,
  isAbout,
  mayLive,
  nameOf,
  type RequestOtpInput,
} from './under-way.ts';
import { verifyOtp } from './verify-otp.ts';

/** What is under way. */
export type Resumed =
  | { readonly tag: 'challenge'; readonly challenge: Challenge }
  /** No answer has settled the request yet. Requesting the same number again sends no second SMS. */
  | { readonly tag: 'unanswered'; readonly phoneNumber: string };

export interface Doorcode {
  requestOtp(input: RequestOtpInput): Promise<RequestOtpResult>;
  /** Requests the code again as a resend. Then either code works. */
  resendOtp(challenge: Challenge, locale?: string): Promise<RequestOtpResult>;
  /** Verifies the code as the user typed or pasted it. */
  verifyOtp(challenge: Challenge, typed: string): Promise<VerifyOtpResult>;
  /**
   * The open request for this purpose and context (default: the plain sign-in), and for this number or the latest one, also
   * from before a restart of the app. An expired code is not open.
   */
  resume(about?: About): Promise<Resumed | undefined>;
  /** The access token of the last sign-in. Your API decides whether it is still valid. A token for another purpose is not kept. */
  accessToken(): Promise<string | undefined>;
  /** Deletes the token and keeps the devices. False means that the storage failed, and may return the token again. */
  signOut(): Promise<boolean>;
  /** Milliseconds on the clock that the results use. */
  now(): number;
}

/** Creates a client; throws a TypeError that says what is wrong with its options. `session` is for `createSession`. */
export function createDoorcode(options: DoorcodeOptions, session?: SessionOfSignIns): Doorcode {
  const baseUrl = checkedBaseUrl(options);
  const { platform, storage = memoryStorage() } = options;
  const clock = openClock(options.now ?? monotonicMs, options.timeOfDay ?? timeOfDayMs);
  const kept = openKept(storage, openAskStorage());
  const requests = openTurns<RequestOtpResult>(clock.now);
  const verifications = openTurns<VerifyOtpResult>(clock.now);
  /** The challenges of this run, whose times are known on the client's clock. */
  const challenges = new Map<string, Challenge>();

  const post: Line['post'] = (path, { key, body, device }) =>
    exchange(
      {
        url: baseUrl + path,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          ...device,
        },
        body: JSON.stringify(body),
      },
      options,
    );
  const line: Line = { post, kept, session, clock, verifyKeys: new Map() };

  const request = (input: Asked & RequestOtpInput): Promise<RequestOtpResult> => {
    const { phoneNumber, purpose, context, previousRequestId } = input;
    const asked = { phoneNumber, purpose, context, previousRequestId };
    const name = `${nameOf(asked)} ${previousRequestId}`;
    return requests(name, name, async () => {
      const result = await requestOtp(asked, line, { platform, locale: tagIn(input.locale) });
      const { challenge } = result;
      if (challenge !== undefined) challenges.set(challenge.requestId, challenge);
      return result;
    });
  };

  /** The code of an entry, if it may still live. */
  const liveIn = (entry: Entry, about: About): Challenge | undefined => {
    const known = challenges.get(textIn(entry, 'requestId'));
    if (known !== undefined) return endOf(known) > clock.now() ? known : undefined;
    if (!mayLive(entry, clock.wallMs())) return undefined;
    // The code is from before a restart, so the pause starts again and the server decides about the expiry.
    return challengeFrom({ ...about, phoneNumber: textIn(entry, 'phoneNumber') }, entry, clock.now());
  };

  return {
    requestOtp: request,
    resendOtp: (challenge, locale) =>
      request({ ...challenge, previousRequestId: challenge.requestId, locale }),
    verifyOtp: async (challenge, typed) => {
      const code = codeIn(typed, challenge.codeLength);
      if (code === undefined) return { tag: 'malformed-code' };
      const { requestId, phoneNumber } = challenge;
      return verifications(requestId + code, phoneNumber, () => verifyOtp(challenge, code, line));
    },
    resume: async (about = {}) => {
      const entry = parseList(await kept.read('under-way')).find((one) => isAbout(one, about));
      if (entry === undefined) return undefined;
      const challenge = liveIn(entry, about);
      if (challenge !== undefined) return { tag: 'challenge', challenge };
      return textIn(entry, 'key') === ''
        ? undefined
        : { tag: 'unanswered', phoneNumber: textIn(entry, 'phoneNumber') };
    },
    accessToken: () => kept.read('token'),
    signOut: () => kept.change('token', () => undefined),
    now: clock.now,
  };
}
