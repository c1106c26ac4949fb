/**
 * A code that was sent, and its times. The times are on the client's own clock, which only goes forward and starts again
 * after a restart of the app. Then only the request itself is known. The times are hints for the screen, and the server
 * decides.
 */
export interface Challenge {
  readonly requestId: string;
  readonly phoneNumber: string;
  readonly purpose?: string | undefined;
  /** The context of the request. Verify must send the same. */
  readonly context?: Context | undefined;
  readonly codeLength: number;
  readonly delivery: 'accepted' | 'unconfirmed';
  /** What the user tells support where no SMS comes. Unknown for a challenge from before a restart. */
  readonly reference?: string | undefined;
  readonly resendAtMs: number;
  /** Unknown for a challenge from before a restart. */
  readonly expiresAtMs?: number | undefined;
}

/** What the code approves, where the deployment asks for it: flat, at most 512 bytes as JSON. */
export type Context = Readonly<Record<string, string | number | boolean>>;

/** Plain data for a screen: whole seconds, rounded up. */
export interface Countdown {
  readonly resendInSeconds: number;
  /** Undefined where it is unknown. Zero is only a hint for the screen, because the server decides. */
  readonly expiresInSeconds: number | undefined;
}

/** How long it takes, as of `nowMs` on the client's clock. */
export function countdown({ resendAtMs, expiresAtMs }: Challenge, nowMs: number): Countdown {
  return {
    resendInSeconds: secondsUntil(resendAtMs, nowMs),
    expiresInSeconds: expiresAtMs === undefined ? undefined : secondsUntil(expiresAtMs, nowMs),
  };
}

/** Whole seconds until `atMs`, rounded up, never below zero. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
