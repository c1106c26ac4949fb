/** What each function may do: its role has the inline policies of the template, and nothing else. */
import {
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { type Check, deployAgain, type Examination } from '../check.ts';
import { type DeployedStack, ofType, type Resource } from '../deployed-stack.ts';
import { isSame, listOf, policyStatements } from '../differences.ts';
import { each } from '../each.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const ofRole = (stack: DeployedStack, action: string, { physicalId }: Resource): Right => ({
  action: `iam:${action}`,
  resource: `arn:${stack.partition}:iam::${stack.account}:role/${physicalId}`,
});

/** The roles that Lambda assumes. */
function rolesOf(stack: DeployedStack): readonly Resource[] {
  const used = new Set(ofType(stack, 'AWS::Lambda::Function').map(({ properties }) => properties['Role']));
  return ofType(stack, 'AWS::IAM::Role').filter(({ physicalId }) =>
    used.has(`arn:${stack.partition}:iam::${stack.account}:role/${physicalId}`),
  );
}

export const functionRolesCheck: Check = {
  name: 'function roles',
  rights: (stack) =>
    rolesOf(stack).flatMap((role) =>
      ['GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'].map((action) =>
        ofRole(stack, action, role),
      ),
    ),
  look: async (examination) => {
    const roles = rolesOf(examination.stack);
    const problems = await each(roles, (role) => roleProblems(role, examination));
    return unless(problems, `${roles.length} with exactly the rights of the template`);
  },
};

async function roleProblems(
  role: Resource,
  { stack, clients: { iam }, read }: Examination,
): Promise<readonly Problem[]> {
  const RoleName = role.physicalId;
  const { PolicyNames } =
    (await read(ofRole(stack, 'ListRolePolicies', role), (options) =>
      iam.send(new ListRolePoliciesCommand({ RoleName }), options),
    )) ?? {};
  if (PolicyNames === undefined) return [wrong(`The role ${RoleName} does not exist.`, 'Deploy again.')];
  const { AttachedPolicies = [] } =
    (await read(ofRole(stack, 'ListAttachedRolePolicies', role), (options) =>
      iam.send(new ListAttachedRolePoliciesCommand({ RoleName }), options),
    )) ?? {};
  const found = new Map<string, unknown>();
  for (const PolicyName of PolicyNames) {
    const policy = await read(ofRole(stack, 'GetRolePolicy', role), (options) =>
      iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }), options),
    );
    // IAM answers the document percent-encoded, as RFC 3986 has it.
    found.set(PolicyName, JSON.parse(decodeURIComponent(policy?.PolicyDocument ?? '{}')));
  }
  const expected = new Map<string, unknown>(
    listOf(role.properties['Policies']).map((policy) => {
      const { PolicyName, PolicyDocument } = Object(policy);
      return [String(PolicyName), PolicyDocument] as const;
    }),
  );
  const added = [
    ...[...found.keys()].filter((name) => !expected.has(name)),
    ...AttachedPolicies.map(({ PolicyName = '' }) => PolicyName),
  ];
  const changed = [...expected].filter(
    ([name, document]) => !isSame(policyStatements(document), policyStatements(found.get(name))),
  );
  return [
    ...(added.length === 0
      ? []
      : [
          wrong(
            `The role ${role.logicalId} has policies that the template does not have: ${added.join(', ')}.`,
            'Take them off: aws iam detach-role-policy, or delete-role-policy for one that is inline.',
          ),
        ]),
    ...changed.map(([name]) =>
      wrong(
        `The policy ${name} of the role ${role.logicalId} is ${found.has(name) ? 'not the template’s' : 'missing'}.`,
        deployAgain,
      ),
    ),
  ];
}
