/**
 * The calls of an app. Each tap sends at most one SMS; two taps at once are one call; a wait that the server named is
 * waited here, without asking again. Whatever the adopter hands in may fail or hang: a call still ends, in a value.
 *
 * It holds no secret.
 */
import type { Challenge } from './challenge.ts';
import { monotonicMs, openClock, timeOfDayMs } from './clock.ts';
import { codeIn } from './digits.ts';
import { exchange } from './exchange.ts';
import { openKept } from './kept.ts';
import type { Line } from './line.ts';
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
  /** Asked, and no answer settled it: asking for the same number again sends no second SMS. */
  | { readonly tag: 'unanswered'; readonly phoneNumber: string };

export interface Doorcode {
  requestOtp(input: RequestOtpInput): Promise<RequestOtpResult>;
  /** The same again as one's own resend: then either code works. */
  resendOtp(challenge: Challenge, locale?: string): Promise<RequestOtpResult>;
  /** Takes the code as it was typed or pasted. */
  verifyOtp(challenge: Challenge, typed: string): Promise<VerifyOtpResult>;
  /**
   * What is under way for this purpose and context, default the plain sign-in, and for this number or the latest; also
   * from before a restart. A code that has expired is not.
   */
  resume(about?: About): Promise<Resumed | undefined>;
  /** The access token of the last sign-in; whether it still lives your API says. A token for a purpose is not kept. */
  accessToken(): Promise<string | undefined>;
  /** Forgets the token; the devices stay known. False: the storage did not take it, and may give it back. */
  signOut(): Promise<boolean>;
  /** Milliseconds on the clock that the results use. */
  now(): number;
}

/** A client; a TypeError says what is wrong with its options. */
export function createDoorcode(options: DoorcodeOptions): Doorcode {
  const baseUrl = checkedBaseUrl(options);
  const { platform, storage = memoryStorage() } = options;
  const clock = openClock(options.now ?? monotonicMs, options.timeOfDay ?? timeOfDayMs);
  const kept = openKept(storage);
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
          ...(device === undefined ? {} : { 'doorcode-device': device }),
        },
        body: JSON.stringify(body),
      },
      options,
    );
  const line: Line = { post, kept, clock, verifyKeys: new Map() };

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
    // From before a restart: the pause starts anew, and the expiry is left to the server.
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
