/** The report: a line for each finding, or JSON for a pipeline. */
import type { DeployedStack } from './deployed-stack.ts';
import { exitStatusOf, type Told } from './finding.ts';

const marks = { ok: 'ok', wrong: 'WRONG', untold: '?' } as const;
const nameWidth = 16;

/** The lines, worst last, so that they are what a terminal still shows. */
export function reportText(title: string, findings: readonly Told[]): string {
  const inOrder = (['ok', 'untold', 'wrong'] as const).flatMap((tag) =>
    findings.filter((finding) => finding.tag === tag),
  );
  const count = (tag: Told['tag']): number => findings.filter((finding) => finding.tag === tag).length;
  return [
    title,
    '',
    ...inOrder.map(lineOf),
    '',
    `${count('ok')} ok, ${count('wrong')} wrong, ${count('untold')} cannot be told.`,
  ].join('\n');
}

/** One line. */
function lineOf(finding: Told): string {
  return `${marks[finding.tag].padEnd(6)} ${finding.check.padEnd(nameWidth)} ${textOf(finding)}`;
}

function textOf(finding: Told): string {
  switch (finding.tag) {
    case 'ok':
      return finding.text;
    case 'wrong':
      return `${finding.text} Mend: ${finding.mend}`;
    case 'untold':
      return `cannot be told: ${finding.reason}`;
  }
}

/** The same as JSON. `status` is the exit status. */
export function reportJson(stack: DeployedStack | undefined, findings: readonly Told[]): string {
  const { name, region, account } = stack ?? {};
  return JSON.stringify(
    { stack: name, region, account, status: exitStatusOf(findings), findings },
    undefined,
    2,
  );
}
