/**
 * Measures elapsed time with two clocks. In a frozen worker the monotonic clock may stop, and somebody may set the wall
 * clock. So a pause or an age is over as soon as either clock says so, and also when the wall clock went back.
 */

/** The two clocks, in seconds. */
export interface Clock {
  /** Epoch seconds. */
  readonly wallSeconds: () => number;
  /** Seconds since some moment in this process's life. */
  readonly monotonicSeconds: () => number;
}

/** A moment by both clocks. */
export interface Moment {
  readonly wallSeconds: number;
  readonly monotonicSeconds: number;
}

/** The current moment. */
export function momentOf({ wallSeconds, monotonicSeconds }: Clock): Moment {
  return { wallSeconds: wallSeconds(), monotonicSeconds: monotonicSeconds() };
}

export interface Age {
  /** The elapsed time of the clock that saw more. A wall clock that went back counts by the distance. */
  readonly seconds: number;
  /** True where the wall clock shows an earlier time than at the moment itself, so the age is unknown. */
  readonly isUnknown: boolean;
}

/** How long ago `since` is. */
export function ageOf(clock: Clock, since: Moment): Age {
  const wallSeconds = clock.wallSeconds() - since.wallSeconds;
  const monotonicSeconds = clock.monotonicSeconds() - since.monotonicSeconds;
  return { seconds: Math.max(Math.abs(wallSeconds), monotonicSeconds), isUnknown: wallSeconds < 0 };
}

/** A pause that can begin several times. At first it is off. */
export interface Pause {
  /** Pauses for `seconds` from now, in place of the remaining time. */
  begin(seconds: number): void;
  end(): void;
  readonly isOn: boolean;
  /** The remaining whole seconds, rounded up; 0 after the end. Never more than the pause began with. */
  readonly secondsLeft: number;
}

/** Creates a pause that is off. */
export function openPause(clock: Clock): Pause {
  let begun: { readonly at: Moment; readonly seconds: number } | undefined;
  const left = (): number => {
    if (begun === undefined) return 0;
    const { seconds, isUnknown } = ageOf(clock, begun.at);
    return isUnknown ? 0 : Math.max(0, begun.seconds - seconds);
  };
  return {
    begin: (seconds) => {
      begun = { at: momentOf(clock), seconds };
    },
    end: () => {
      begun = undefined;
    },
    get isOn() {
      return left() > 0;
    },
    get secondsLeft() {
      return Math.ceil(left());
    },
  };
}
