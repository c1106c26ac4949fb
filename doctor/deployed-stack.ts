/**
 * The stack as CloudFormation knows it: the template that was deployed, with every name replaced by what AWS has for it.
 * The checks compare AWS's answers with this template and with nothing else. So they find what somebody changed after the
 * deployment, and they examine whatever the settings have put in: no check has a list of functions, secrets or routes.
 */

export interface DeployedStack {
  readonly name: string;
  /** `CREATE_COMPLETE`, `UPDATE_ROLLBACK_COMPLETE`, … */
  readonly status: string;
  /** Epoch seconds of the last deployment. */
  readonly deployedAt: number;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** The address of the API itself, without a domain of the adopter's. */
  readonly apiEndpoint: string;
  /** Every resource of the template that is Doorcode's, by the logical id that it has in a stack of its own. */
  readonly resources: readonly Resource[];
  /** An ARN in the stack's region and account. */
  arn(service: string, resource: string): string;
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** AWS's own name of it; undefined where CloudFormation has none. */
  readonly physicalId: string | undefined;
  /** `CREATE_COMPLETE`, …; undefined where the stack does not have it. */
  readonly status: string | undefined;
  /** As in the template, with names in place of intrinsics and `unknownValue` where only AWS knows. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of a type. */
export function ofType({ resources }: Pick<DeployedStack, 'resources'>, type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}
