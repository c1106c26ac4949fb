/**
 * What support says of a call to the routes of sessions. A bundle without sessions has `no-session-calls.ts` in place of this
 * file.
 *
 * The sentence for the user says no more than the API does. Whoever calls may be a thief with a copy of the token, who must not
 * learn that the copy was found, or why the session ended.
 */
import { messages } from '../runtime/session-messages.ts';
import type { InvalidReason } from '../sessions/session-ports.ts';
import type { LogLine } from './log-line.ts';

/** The words for one call. */
export interface SessionWords {
  /** What the app wanted. */
  readonly what: string;
  /** Why the token was of no use, where the log names a reason. */
  readonly because: string | undefined;
  /** Whether an earlier end of a session explains the call. */
  readonly wasEnded: boolean;
  /** What the person on call does. */
  readonly action: string;
  readonly user: string;
}

const signedOut =
  'The app signed you out. Sign in again with a new code. Then look at the list of devices in the app, and end those that you do not know.';
const stillSignedIn =
  'You are still signed in. We could not serve the app at that moment. Close it, and open it again in a minute.';
const worked = 'That worked, and nothing is left to do.';

/** By the reason in the log. */
const reasons: Readonly<Record<InvalidReason, string>> = {
  absent: 'the session is not there any more: it was ended or evicted, or the number was forgotten',
  idle: 'the app did not refresh the session for sessions.idleDays',
  absolute: 'the sign-in is sessions.absoluteDays ago, so the number has to be proven anew',
  'not-before': 'the session began before sessions.notBefore',
  'test-number': 'the session is of a test number whose time is over',
  'older-generation':
    'the app asked for the list with a token that it had replaced already; the session goes on',
  reuse: 'the token had been replaced already, and came with another attempt: two places hold a copy of it',
  forged: 'the token is none of ours, or of another deployment',
  'unknown-key':
    'the session secret that the token was made with is gone: it was replaced twice, or sessions were off in between',
};

/** What the app wanted, where the code says more than that it used its session. */
const wishes: Readonly<Record<string, string>> = {
  'session.revoked': 'the app signed out',
  'session.nothing-to-revoke': 'the app signed out',
  'session.listed': 'the app listed the sessions of its number',
  'session.ended': 'the app ended sessions of its number',
};

/** The words for the line of a call; undefined for a call to another route. */
export function sessionWords({ code, reason = '' }: LogLine): SessionWords | undefined {
  if (!isKnown(code)) return undefined;
  return {
    what: wishes[code] ?? 'the app used its session (a refresh, or the list)',
    because: isReason(reason) ? reasons[reason] : undefined,
    wasEnded: code === 'session.over' && reason === 'absent',
    action: messages[code].action,
    user: userWords(code, reason),
  };
}

function userWords(code: SessionCode, reason: string): string {
  switch (code) {
    case 'session.reuse':
    case 'session.forged':
    case 'session.ended-by-operator':
      return signedOut;
    case 'session.over':
      return reason === 'older-generation' ? stillSignedIn : signedOut;
    case 'session.denied':
      return 'You are still signed in, but the app has to wait. It goes on by itself when it can.';
    case 'session.invalid':
      return 'Update the app, and try again.';
    case 'session.replayed':
    case 'session.listed':
    case 'session.ended':
      return worked;
    case 'session.revoked':
    case 'session.nothing-to-revoke':
      return 'You signed out in the app. To use it again, sign in with a new code.';
    case 'session.late':
    case 'session.secret-outdated':
    case 'session.controls-unreadable':
    case 'session.damaged':
    case 'session.unavailable':
    case 'session.fault':
      return stillSignedIn;
  }
}

type SessionCode = Extract<keyof typeof messages, `session.${string}`>;

function isKnown(code: string): code is SessionCode {
  return code.startsWith('session.') && Object.hasOwn(messages, code);
}

function isReason(reason: string): reason is InvalidReason {
  return Object.hasOwn(reasons, reason);
}

/** What else a reference without a line may be. */
export const callsWithoutLine = ' Or it is of a refresh that worked, which has no line in the log.';

/** The codes that tell of an end of sessions, in the log of this function or of verify-otp. */
export const endCodes: ReadonlySet<string> = new Set([
  'session.revoked',
  'session.ended',
  'session.ended-by-operator',
  'session.reuse',
  'verify-otp.sessions-evicted',
]);
