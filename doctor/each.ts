/** Looks at several resources of one kind. */
import { type Problem, untold } from './finding.ts';
import { Untold } from './reading.ts';

/** Looks at each item. An item that cannot be told does not keep the others from being looked at. */
export async function each<T>(
  items: readonly T[],
  look: (item: T) => Promise<readonly Problem[]>,
): Promise<readonly Problem[]> {
  const found: Problem[] = [];
  const reasons: Untold[] = [];
  // One at a time: CloudFormation, IAM and Lambda throttle bursts, and a run takes seconds anyway.
  for (const item of items) {
    try {
      found.push(...(await look(item)));
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      reasons.push(error);
    }
  }
  return [...found, ...grouped(reasons)];
}

/** One line for a right that is missing on several resources. */
function grouped(reasons: readonly Untold[]): readonly Problem[] {
  const byAction = Map.groupBy(reasons, ({ needs, message }) => needs?.action ?? message);
  return [...byAction.values()].map(([first, ...others]) =>
    untold(
      `${first?.message ?? ''}${others.length === 0 ? '' : `, and ${first?.needs ? 'on' : 'for'} ${others.length} more`}`,
    ),
  );
}
