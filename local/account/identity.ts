/**
 * IAM and STS, as far as they describe roles and callers.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
 */
import { AwsError } from '../aws/aws-error.ts';
import { type AccountState, type Input, type Operations, ofType } from './account-state.ts';

function policiesOf({ RoleName }: Input, state: AccountState): ReadonlyMap<string, unknown> {
  const role = ofType(state, 'AWS::IAM::Role').find(({ physicalId }) => physicalId === RoleName);
  if (role === undefined)
    throw new AwsError('NoSuchEntity', `The role with name ${RoleName} cannot be found.`, 404);
  const policies = role.properties['Policies'];
  return new Map(
    (Array.isArray(policies) ? policies : []).map(({ PolicyName, PolicyDocument }) => [
      PolicyName,
      PolicyDocument,
    ]),
  );
}

function right(action: string): Operations[string]['right'] {
  return ({ RoleName }) => ({
    action: `iam:${action}`,
    resource: `arn:aws:iam::000000000000:role/${RoleName}`,
  });
}

export const iam: Operations = {
  ListRolePolicies: {
    right: right('ListRolePolicies'),
    answer: (input, state) => ({ PolicyNames: [...policiesOf(input, state).keys()], IsTruncated: false }),
  },
  ListAttachedRolePolicies: {
    right: right('ListAttachedRolePolicies'),
    // Our roles have no managed policies: the template would name them in ManagedPolicyArns.
    answer: (input, state) => {
      policiesOf(input, state);
      const role = ofType(state, 'AWS::IAM::Role').find(({ physicalId }) => physicalId === input['RoleName']);
      const arns = role?.properties['ManagedPolicyArns'];
      const AttachedPolicies = (Array.isArray(arns) ? arns : []).map((PolicyArn) => ({
        PolicyArn,
        PolicyName: String(PolicyArn).split('/').at(-1),
      }));
      return { AttachedPolicies, IsTruncated: false };
    },
  },
  GetRolePolicy: {
    right: right('GetRolePolicy'),
    answer: (input, state) => {
      const { RoleName, PolicyName } = input;
      const document = policiesOf(input, state).get(String(PolicyName));
      if (document === undefined) throw new AwsError('NoSuchEntity', 'The role policy cannot be found.', 404);
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(JSON.stringify(document)) };
    },
  },
};
