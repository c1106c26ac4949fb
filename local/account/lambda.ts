/**
 * Lambda, as far as it describes functions.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
import { AwsError } from '../aws/aws-error.ts';
import { type AccountState, arnIn, type Input, type Operations, ofType } from './account-state.ts';

/** The quota of this account, of which a new one in AWS has less. With it the default rates fit. */
const concurrentExecutions = 2_000;

function find({ FunctionName }: Input, state: AccountState): ReturnType<typeof ofType>[number] {
  const found = ofType(state, 'AWS::Lambda::Function').find(({ physicalId }) => physicalId === FunctionName);
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', `Function not found: ${FunctionName}`, 404);
  return found;
}

function right(action: string): Operations[string]['right'] {
  return ({ FunctionName }, state) => ({
    action: `lambda:${action}`,
    resource: arnIn(state, 'lambda', `function:${FunctionName}`),
  });
}

export const lambda: Operations = {
  GetFunctionConfiguration: {
    right: right('GetFunctionConfiguration'),
    answer: (input, state) => {
      const { physicalId, properties } = find(input, state);
      const FunctionArn = arnIn(state, 'lambda', `function:${physicalId}`);
      // What runs here: its variables, its rights and its timeout are read from the template by the function host.
      const running = state.deployment.functions.find(({ arn }) => arn === FunctionArn);
      const { Code: _, Tags: __, ReservedConcurrentExecutions: ___, ...configuration } = properties;
      return {
        ...configuration,
        FunctionName: physicalId,
        FunctionArn,
        Handler: running?.handler,
        Role: running?.roleArn,
        MemorySize: running?.memoryMib,
        Timeout: (running?.timeoutMs ?? 0) / 1000,
        Environment: { Variables: running?.environment },
        State: 'Active',
        LastUpdateStatus: 'Successful',
      };
    },
  },
  GetPolicy: {
    right: right('GetPolicy'),
    answer: (input, state) => {
      const { physicalId } = find(input, state);
      const arn = arnIn(state, 'lambda', `function:${physicalId}`);
      const Statement = state.deployment.invokePermissions
        .filter(({ FunctionName }) => FunctionName === arn)
        .map(({ Action, Principal, SourceArn, SourceAccount }, i) => ({
          Sid: `statement-${i}`,
          Effect: 'Allow',
          Principal: { Service: Principal },
          Action,
          Resource: arn,
          Condition: {
            ...(SourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': SourceAccount } }),
            ...(SourceArn !== '*' && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
          },
        }));
      if (Statement.length === 0)
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }) };
    },
  },
  GetFunctionConcurrency: {
    right: right('GetFunctionConcurrency'),
    answer: (input, state) => {
      const { ReservedConcurrentExecutions } = find(input, state).properties;
      return ReservedConcurrentExecutions === undefined ? {} : { ReservedConcurrentExecutions };
    },
  },
  GetAccountSettings: {
    right: () => ({ action: 'lambda:GetAccountSettings', resource: '*' }),
    answer: (_, state) => {
      const reserved = ofType(state, 'AWS::Lambda::Function').map(({ properties }) =>
        Number(properties['ReservedConcurrentExecutions'] ?? 0),
      );
      return {
        AccountLimit: {
          ConcurrentExecutions: concurrentExecutions,
          UnreservedConcurrentExecutions: concurrentExecutions - reserved.reduce((sum, one) => sum + one, 0),
        },
        AccountUsage: { FunctionCount: reserved.length },
      };
    },
  },
};
