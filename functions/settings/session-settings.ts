/**
 * Our own sessions: how long somebody stays signed in, and in how many places. They are another thing than the setting
 * `session`, which names the issuer of sessions that the adopter has already.
 */
import * as v from 'valibot';
import { wholeNumber } from '../limits/whole-number.ts';

/** The most sessions of a number: ten with the longest labels fit into 1 KB, so that each write costs one unit. */
export const maxSessionsPerNumber = 10;

/** The longest idle time. The session secret must outlive it by a day, and rotates within a year. */
export const maxIdleDays = 364;

const instantPattern =
  /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/;

/** Whether the calendar has the day of an instant: `Date.parse` takes 30 February for 2 March. */
function isInCalendar(instant: string): boolean {
  return new Date(instant).toISOString().replace('.000Z', 'Z') === instant;
}

const members = v.pipe(
  v.strictObject({
    accessTokenSeconds: v.optional(wholeNumber(60, 3600), 900),
    idleDays: v.optional(wholeNumber(1, maxIdleDays), 60),
    absoluteDays: v.optional(wholeNumber(1, 365), 180),
    perNumber: v.optional(wholeNumber(1, maxSessionsPerNumber), 8),
    inBrowsers: v.optional(v.boolean(), false),
    notBefore: v.optional(
      v.pipe(
        v.string(),
        v.regex(instantPattern, 'expected a time in UTC such as "2027-01-31T18:00:00Z"'),
        v.check(
          (instant) => !instantPattern.test(instant) || isInCalendar(instant),
          'expected a day that there is',
        ),
      ),
    ),
  }),
  v.forward(
    v.partialCheck(
      [['idleDays'], ['absoluteDays']],
      (s) => s.idleDays <= s.absoluteDays,
      'expected at most absoluteDays: a session that is over cannot be idle',
    ),
    ['idleDays'],
  ),
  v.readonly(),
);

const off = v.literal('off', 'expected "off", or an object such as { idleDays: 60 }');

/** How sessions work where a deployment has them, every default filled in. */
export type SessionSettings = v.InferOutput<typeof members>;

export const sessionEntries = {
  /**
   * Sessions: an app that asks for one at verify gets a refresh token, and signs in by SMS again only when the session
   * ends. `idleDays` without a refresh end it, and `absoluteDays` after the sign-in, when the number is proven anew; 60
   * days leave room for a bill that is paid every month. `accessTokenSeconds` is also how long the last access token of a
   * revoked session lives. A sign-in beyond `perNumber` (at most 10) ends the session that was refreshed longest ago; with
   * 1 it ends the one before. `inBrowsers` lets calls with an `Origin` header start sessions: then a script in the page has
   * the session while the page is open. `notBefore`, such as `2027-01-31T18:00:00Z`, ends every session that began
   * earlier, for an emergency. A longer `idleDays` or `absoluteDays` counts from a session's next refresh; a shorter one
   * ends sessions at once; `'off'` ends all of them, for good. With `'off'` there is no route, function, secret, right or
   * write of sessions, and verify answers without a refresh token.
   */
  sessions: v.optional(
    v.lazy((input) => (typeof input === 'object' && input !== null && !Array.isArray(input) ? members : off)),
    {},
  ),
};

/** `notBefore` in epoch seconds; 0 without one. */
export function notBeforeSeconds({ notBefore }: Pick<SessionSettings, 'notBefore'>): number {
  return notBefore === undefined ? 0 : Date.parse(notBefore) / 1000;
}
