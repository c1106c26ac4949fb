/**
 * CloudFormation, as far as it describes a stack.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
 */
import { AwsError } from '../aws/aws-error.ts';
import { type AccountState, arnIn, type Input, type Operations } from './account-state.ts';

/** The id of the one stack in `synthesiser.ts`. */
const stackName = 'Doorcode';

function stackArn(state: AccountState): string {
  return arnIn(state, 'cloudformation', `stack/${stackName}/00000000-0000-4000-8000-000000000000`);
}

function right(action: string): Operations[string]['right'] {
  return ({ StackName }, state) => ({
    action: `cloudformation:${action}`,
    resource: arnIn(state, 'cloudformation', `stack/${StackName}/00000000-0000-4000-8000-000000000000`),
  });
}

function mustBe({ StackName }: Input): void {
  if (StackName !== stackName)
    throw new AwsError('ValidationError', `Stack with id ${StackName} does not exist`);
}

export const cloudFormation: Operations = {
  DescribeStacks: {
    right: right('DescribeStacks'),
    answer: (input, state) => {
      mustBe(input);
      const Outputs = state.deployment.outputs.map(([OutputKey, OutputValue]) => ({
        OutputKey,
        OutputValue,
      }));
      const stack = {
        StackId: stackArn(state),
        StackName: stackName,
        CreationTime: new Date(state.deployedAt * 1000),
        StackStatus: 'CREATE_COMPLETE',
        Outputs,
      };
      return { Stacks: [stack] };
    },
  },
  GetTemplate: {
    right: right('GetTemplate'),
    answer: (input, { deployment: { template } }) => {
      mustBe(input);
      return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] };
    },
  },
  ListStackResources: {
    right: right('ListStackResources'),
    answer: (input, { deployment: { resources }, deployedAt }) => {
      mustBe(input);
      // AWS lists a hundred on a page.
      const from = Number(input['NextToken'] ?? 0);
      const page = resources.slice(from, from + 100).map(({ logicalId, physicalId, type }) => ({
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        LastUpdatedTimestamp: new Date(deployedAt * 1000),
        ResourceStatus: 'CREATE_COMPLETE',
      }));
      const isLast = from + 100 >= resources.length;
      return { StackResourceSummaries: page, ...(!isLast && { NextToken: String(from + 100) }) };
    },
  },
};
