/**
 * The rights of IAM that the checks need. Each check lists its own, and cannot make a call that its list does not have. So
 * the policy for the doctor's reader is the sum of the lists, with nothing that is not used.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** One action on one resource. */
export interface Right {
  /** `lambda:GetPolicy`. */
  readonly action: string;
  /** An ARN, or `*` where the action knows no resource. */
  readonly resource: string;
}

interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** The smallest policy with these rights: one statement for each set of resources. */
export function policyOf(rights: readonly Right[]): PolicyDocument {
  const resourcesOf = Map.groupBy(rights, ({ action }) => action);
  const byResources = Map.groupBy(resourcesOf, ([, own]) =>
    JSON.stringify([...new Set(own.map(({ resource }) => resource))].sort()),
  );
  return {
    Version: '2012-10-17',
    Statement: [...byResources].map(([resources, actions]) => ({
      Effect: 'Allow',
      Action: actions.map(([action]) => action).sort(),
      Resource: JSON.parse(resources),
    })),
  };
}
