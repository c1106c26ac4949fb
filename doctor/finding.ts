/** What a check has found: fine, wrong with the mend, or not to be told with the reason. */

export type Finding =
  | { readonly tag: 'ok'; readonly text: string }
  /** `mend` is what the person does next. */
  | { readonly tag: 'wrong'; readonly text: string; readonly mend: string }
  /** The check could not be made. It says nothing about the deployment. */
  | { readonly tag: 'untold'; readonly reason: string };

/** Something that keeps a check from being fine. */
export type Problem = Exclude<Finding, { readonly tag: 'ok' }>;

/** A finding with the name of its check. */
export type Told = Finding & { readonly check: string };

export function ok(text: string): Finding {
  return { tag: 'ok', text };
}

/** `text` says what is there and what should be; `mend` says what to do. Both are whole sentences. */
export function wrong(text: string, mend: string): Problem {
  return { tag: 'wrong', text, mend };
}

export function untold(reason: string): Problem {
  return { tag: 'untold', reason };
}

/** The problems, or the sentence for no problem. */
export function unless(problems: readonly Problem[], fine: string): readonly Finding[] {
  return problems.length === 0 ? [ok(fine)] : problems;
}

/** The exit status for pipelines: 0 all ok, 2 something is wrong, 3 nothing is known to be wrong, but something cannot be told. */
export function exitStatusOf(findings: readonly Pick<Finding, 'tag'>[]): 0 | 2 | 3 {
  if (findings.some(({ tag }) => tag === 'wrong')) return 2;
  return findings.some(({ tag }) => tag === 'untold') ? 3 : 0;
}
