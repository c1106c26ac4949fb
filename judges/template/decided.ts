/** Holds the objections of the tools against the decisions. */
import type { Verdict } from '../judge.ts';
import type { TemplateDecision } from './decisions.ts';
import type { Objection } from './tools.ts';

/** CDK appends eight hexadecimal digits to the ids that it makes. */
const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** Decided where a decision names rule and resource; a finding otherwise, and where a decision excuses nothing. */
export function decidedOn(
  objections: readonly Objection[],
  decisions: readonly TemplateDecision[],
): Pick<Verdict, 'findings' | 'decisions'> {
  const isCoveredBy = ({ rule, resource }: Objection, decision: TemplateDecision): boolean =>
    rule === decision.rule && decision.resources.includes(withoutHash(resource));
  const open = objections.filter(
    (objection) => !decisions.some((decision) => isCoveredBy(objection, decision)),
  );
  const findings = open.map(
    ({ rule, message, resource }) => `${rule} at ${resource || 'the template'}: ${message}`,
  );
  const used = decisions.map((decision) => {
    const covered = objections.filter((objection) => isCoveredBy(objection, decision));
    const seen = new Set(covered.map(({ resource }) => withoutHash(resource)));
    return { decision, seen, unused: decision.resources.filter((name) => !seen.has(name)) };
  });
  return {
    findings: [
      ...new Set(findings),
      ...used.flatMap(({ decision: { rule }, unused }) =>
        unused.map((name) => `${rule} at ${name}: decided on, but no tool says it any more`),
      ),
    ],
    decisions: used
      .filter(({ seen }) => seen.size > 0)
      .map(({ decision: { rule, reason }, seen }) => ({
        finding: `${rule} at ${[...seen].toSorted().join(', ')}`,
        reason: `${reason}.`,
      })),
  };
}
