/**
 * The logical ids of a {@link Doorcode}. Its resources have the ids that they have in a {@link DoorcodeStack}, with a prefix
 * before them, wherever it stands in a stack and whatever its own id is. So an adopter may move or rename it, and nothing is
 * replaced: with CDK's own ids a move would make a new identity secret, and every user would get another `sub`. The
 * commands find secrets, functions and outputs by the same ids.
 */
import { CfnElement, Names } from 'aws-cdk-lib';
import { Construct, RootConstruct } from 'constructs';

/** Gives each element of `construct` a logical id of `prefix` and its path in `construct` alone. */
export function setLogicalIds(construct: Construct, prefix: string): void {
  const start = construct.node.scopes.length;
  for (const element of construct.node.findAll()) {
    if (!CfnElement.isCfnElement(element)) continue;
    const path = element.node.scopes.slice(start).map(({ node }) => node.id);
    element.overrideLogicalId(`${prefix}${logicalId(path)}`);
  }
}

/** What CDK makes of a path: its own function, asked about a construct that stands there in a tree of its own. */
function logicalId(path: readonly string[]): string {
  const place = path.reduce<Construct>((scope, id) => new Construct(scope, id), new RootConstruct());
  return Names.uniqueId(place);
}
