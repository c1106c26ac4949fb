/**
 * A stack in AWS, as CloudFormation describes it: its outputs, all of its resources, and the time of its last deployment.
 *
 * It pages through ListStackResources, because DescribeStackResources silently stops after 100 resources.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
 */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { Advice } from '../../terminal/advice.ts';
import { ownIds } from './logical-ids.ts';

/** What the commands need to know of a stack; logical ids are those of a stack that Doorcode has to itself. */
export interface DescribedStack {
  readonly outputs: ReadonlyMap<string, string>;
  /** Physical ids by logical ids. */
  readonly resources: ReadonlyMap<string, string>;
  /** Epoch seconds of the last update, or of the creation. */
  readonly deployedAt: number;
}

/** A resource in one of these states no longer belongs to the stack. */
const gone = ['DELETE_COMPLETE', 'DELETE_SKIPPED'];

/** Describes the stack `stackName`; throws `Advice` where there is none. */
export async function describeStack(
  stackName: string,
  client: { readonly region?: string },
): Promise<DescribedStack> {
  const cloudFormation = new CloudFormationClient(client);
  const { Stacks = [] } = await cloudFormation
    .send(new DescribeStacksCommand({ StackName: stackName }))
    .catch(async (error: unknown) => {
      if (!(error instanceof Error) || !/does not exist/.test(error.message)) throw error;
      const region = await cloudFormation.config.region();
      throw new Advice(
        `There is no stack ${stackName} in ${region}. Choose another with --stack or --region.`,
      );
    });
  const [stack] = Stacks;
  const resources = new Map<string, string>();
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: stackName })) {
    for (const summary of page.StackResourceSummaries ?? []) {
      const { LogicalResourceId = '', PhysicalResourceId, ResourceStatus = '' } = summary;
      if (PhysicalResourceId !== undefined && !gone.includes(ResourceStatus))
        resources.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  const outputs = new Map(
    (stack?.Outputs ?? []).map((o) => [o.OutputKey ?? '', o.OutputValue ?? ''] as const),
  );
  const deployedAtMs = (stack?.LastUpdatedTime ?? stack?.CreationTime)?.getTime() ?? 0;
  return {
    outputs: ownIds(outputs, outputs),
    resources: ownIds(resources, outputs),
    deployedAt: Math.floor(deployedAtMs / 1000),
  };
}
