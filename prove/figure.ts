/** What a suite is given, and what it gives: one figure of docs/evidence.md, beside its goal. */

/** A goal that `npm run prove` shows. */
type FigureId =
  | 'R1'
  | 'R2'
  | 'R2, every order'
  | 'R3'
  | 'R3, seals'
  | 'R4'
  | 'R4, lost answers'
  | 'R4, provider back'
  | 'R5'
  | 'R6'
  | 'R6, listeners'
  | 'R6, answers'
  | 'R7'
  | 'R8'
  | 'R8, by hand'
  | 'R9, row 1'
  | 'R9, row 2'
  | 'R9, row 3'
  | 'R9, row 4'
  | 'R9, row 5'
  | 'R9, row 6'
  | 'R9, row 7, replays'
  | 'R9, row 7, starts'
  | 'R9, row 8'
  | 'R9, row 9'
  | 'R9, row 10'
  | 'R9, row 11'
  | 'R9, row 12'
  | 'R9, row 13'
  | 'R9, row 14'
  | 'R9, row 15'
  | 'R9, row 16'
  | 'R9, row 17'
  | 'R9, row 19'
  | 'R10';

export interface Figure {
  readonly id: FigureId;
  readonly what: string;
  readonly goal: string;
  /** What was seen, in the words of the goal. */
  readonly seen: string;
  /** How it was taken, in one sentence. */
  readonly method: string;
  readonly seed: number;
  /** Whatever breaks the goal, one sentence each; an empty list meets it. */
  readonly violations: readonly string[];
}

export interface Run {
  readonly seed: number;
  /** 1 is the size that the goal names. */
  readonly scale: number;
  /** Told what is going on, a few times a second. */
  readonly onProgress: (text: string) => void;
  /** Ends the run early; it cleans up behind itself. */
  readonly signal: AbortSignal;
}

export type Suite = (run: Run) => Promise<Figure>;

/** How many of `full` a run of this scale makes, at least one. */
export function scaled(full: number, { scale }: Pick<Run, 'scale'>): number {
  return Math.max(1, Math.round(full * scale));
}
