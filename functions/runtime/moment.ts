/**
 * How long ago something was, by two clocks. A frozen worker's monotonic clock may stand still, and its wall clock may
 * be set: so a pause or an age is over as soon as either clock says so, and a wall clock that went back ends it too.
 */

/** The two clocks; both count seconds. */
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

/** This moment. */
export function momentOf({ wallSeconds, monotonicSeconds }: Clock): Moment {
  return { wallSeconds: wallSeconds(), monotonicSeconds: monotonicSeconds() };
}

export interface Age {
  /** What the clock says that saw more time pass; a wall clock that went back counts by how far. */
  readonly seconds: number;
  /** The wall clock shows an earlier time than at the moment itself: nobody knows the age. */
  readonly isUnknown: boolean;
}

/** How long ago `since` is. */
export function ageOf(clock: Clock, since: Moment): Age {
  const wallSeconds = clock.wallSeconds() - since.wallSeconds;
  const monotonicSeconds = clock.monotonicSeconds() - since.monotonicSeconds;
  return { seconds: Math.max(Math.abs(wallSeconds), monotonicSeconds), isUnknown: wallSeconds < 0 };
}

/** A pause that can be begun again and again; it has none at first. */
export interface Pause {
  /** Pauses for `seconds` from now, whatever was left. */
  begin(seconds: number): void;
  end(): void;
  readonly isOn: boolean;
  /** Whole seconds, rounded up; 0 when it is over. Never more than it was begun with. */
  readonly secondsLeft: number;
}

/** Opens a pause. */
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
