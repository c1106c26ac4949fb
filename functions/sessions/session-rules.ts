/** The settings of sessions in the units that the flows use. */
import { notBeforeSeconds, type SessionSettings } from '../settings/session-settings.ts';

export interface SessionRules {
  /** Lifetime of an access token of a session. */
  readonly accessTokenSeconds: number;
  /** A session that was not refreshed for this long is over. */
  readonly idleSeconds: number;
  /** A session is over this long after its sign-in. */
  readonly absoluteSeconds: number;
  /** How many sessions a number may have. */
  readonly perNumber: number;
  /** Sessions that began before this epoch second are over; 0 for none. */
  readonly notBefore: number;
}

const daySeconds = 86_400;

/** The rules that the settings ask for. */
export function sessionRulesOf(settings: SessionSettings): SessionRules {
  const { accessTokenSeconds, idleDays, absoluteDays, perNumber } = settings;
  return {
    accessTokenSeconds,
    idleSeconds: idleDays * daySeconds,
    absoluteSeconds: absoluteDays * daySeconds,
    perNumber,
    notBefore: notBeforeSeconds(settings),
  };
}
