/** What a judge is: a tool that others wrote, what Doorcode gives it, and what it says. */

/** What a machine must have, besides Node. */
export type Need = 'Python' | 'JDK' | 'Go';

/** Something that a judge says and that stays as it is. */
interface Decision {
  /** The judge's words, or its rule. */
  readonly finding: string;
  /** Why it stays. */
  readonly reason: string;
}

export interface Verdict {
  /** Names and versions, as the tools themselves say them. */
  readonly tool: string;
  readonly given: string;
  readonly cases: number;
  /** What nobody has decided on. The judge accepts Doorcode when there is none. */
  readonly findings: readonly string[];
  readonly decisions: readonly Decision[];
  /** A mistake that was put in on purpose, and what the judge said of it. A judge that says nothing judges nothing. */
  readonly mistake: { readonly what: string; readonly found: readonly string[] };
}

export interface Judge {
  readonly name: string;
  /** What it judges. */
  readonly what: string;
  readonly needs: readonly Need[];
  /** Whether `npm run check` waits for it, or for `part` of it. */
  readonly isQuick: boolean;
  readonly judge: () => Promise<Verdict>;
  /** Less than the whole, for `npm run check`, where the whole takes longer than anybody waits there. */
  readonly part?: () => Promise<Verdict>;
}
