import { describe, expect, it } from 'vitest';
import type { Statement } from '../../local/aws/iam.ts';
import type { Deployment } from '../../local/deployed.ts';
import { deploymentRoleArn, refusedSecretUpdates } from '../../local/secret-updates.ts';

const arn = 'arn:aws:secretsmanager:ap-south-1:000000000000:secret:CodeSecret-abc123';

/** A policy that lets nobody update or read the secret, but for some roles. */
const guard = (roles: readonly string[]): readonly Statement[] => [
  {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['secretsmanager:UpdateSecret', 'secretsmanager:GetSecretValue'],
    Resource: ['*'],
    Condition: roles.length === 0 ? {} : { ArnNotEquals: { 'aws:PrincipalArn': roles } },
  },
];

interface Some {
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly roles?: readonly string[];
}

/** As much of a deployment as an update of its secrets looks at. */
function deployment({ description = 'codes', tags = {}, roles = [] }: Some = {}): Deployment {
  const some: Partial<Deployment> = {
    region: 'ap-south-1',
    stackTags: tags,
    template: {
      Resources: {
        CodeSecret: { Type: 'AWS::SecretsManager::Secret', Properties: { Description: description } },
      },
    },
    secrets: [{ logicalId: 'CodeSecret', arn, initial: undefined }],
    secretPolicies: [{ secretArn: arn, statements: guard(roles) }],
  };
  return some as Deployment;
}

describe('an update of the stack', () => {
  it('touches no secret that stays as it is', () => {
    expect(refusedSecretUpdates(deployment(), deployment())).toEqual([]);
  });

  it.each([
    ['another description', { description: 'the codes' }],
    ['a tag of the stack', { tags: { team: 'identity' } }],
  ])('with %s is refused by the policy of the secret, for both calls of the handler', (_, change) => {
    expect(refusedSecretUpdates(deployment(), deployment(change))).toEqual([
      'CodeSecret: the role of deployments is not authorized to perform secretsmanager:UpdateSecret',
      'CodeSecret: the role of deployments is not authorized to perform secretsmanager:GetSecretValue',
    ]);
  });

  it('passes where the policy from before the update lets the role of deployments through', () => {
    const roles = [deploymentRoleArn('ap-south-1')];
    const tags = { team: 'identity' };
    expect(refusedSecretUpdates(deployment({ roles }), deployment({ roles, tags }))).toEqual([]);
    // Too late: the secret is updated before the policy that names it.
    expect(refusedSecretUpdates(deployment(), deployment({ roles, tags }))).toHaveLength(2);
  });
});
