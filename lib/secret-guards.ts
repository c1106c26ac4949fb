/**
 * Resource policies on the secrets: whatever an identity policy of the account allows, a secret is read by the functions
 * that need it and by nobody else, the code secret and the signing keys are written by their rotation alone, and the
 * identity secret by nobody. Nobody deletes one or copies it to another region while the stack stands. A role for
 * emergencies (break-glass) is let through where the settings name one; without it, whoever may change a secret's policy
 * has to change that first, which CloudTrail shows.
 *
 * CloudFormation is denied, too: its handler of a secret calls UpdateSecret and GetSecretValue. So no secret resource
 * ever changes (`released-secrets.ts`), or the settings let the role of deployments through.
 *
 * It trades convenience for evidence: not even an administrator reads a key in the console by accident.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
 */
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';
import type { Secret } from './secrets.ts';

/** What gives a secret another value or moves its labels: a rotation function's own calls. RotateSecret only starts it. */
const writes = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];
/** What ends it, or makes a copy with a policy of its own. Neither a function nor a person needs it. */
const removals = ['secretsmanager:DeleteSecret', 'secretsmanager:ReplicateSecretToRegions'];
/** Gives it another value, too. Of all its callers only CloudFormation may be meant. */
const update = 'secretsmanager:UpdateSecret';

export interface SecretGuard {
  readonly secret: Secret;
  /** The functions that read its value. */
  readonly readers: readonly LambdaFunction[];
  /** Who gives it another value: `people`, as they need to; its rotation alone; or `nobody`, ever. */
  readonly writers: 'people' | 'nobody' | readonly LambdaFunction[];
  /** ARNs of roles of people that read it and give it another value besides those. */
  readonly roles?: readonly string[];
}

export interface SecretGuardsProps {
  readonly guards: Readonly<Record<string, SecretGuard>>;
  /** ARN of the role for emergencies: passes everywhere. */
  readonly breakGlassRoleArn: string | undefined;
  /** ARN of the role that CloudFormation works with: passes where its handler of a secret would be stopped. */
  readonly deploymentRoleArn: string | undefined;
}

/** The resource policies, one for each secret. */
export class SecretGuards extends Construct {
  constructor(scope: Construct, id: string, { guards, ...roles }: SecretGuardsProps) {
    super(scope, id);
    const breakGlass = listOf(roles.breakGlassRoleArn);
    const deployment = [...breakGlass, ...listOf(roles.deploymentRoleArn)];
    const rolesOf = (functions: readonly LambdaFunction[]): readonly string[] =>
      functions.map(({ roleArn }) => roleArn);
    for (const [name, { secret, readers, writers, roles: people = [] }] of Object.entries(guards)) {
      const statements = [
        denyToAllBut([...rolesOf(readers), ...people, ...deployment], ['secretsmanager:GetSecretValue']),
      ];
      if (writers === 'nobody')
        statements.push(denyToAllBut([...people, ...breakGlass], [...writes, 'secretsmanager:RotateSecret']));
      else if (writers !== 'people')
        statements.push(denyToAllBut([...rolesOf(writers), ...people, ...breakGlass], writes));
      statements.push(denyToAllBut(deployment, writers === 'people' ? removals : [update, ...removals]));
      new CfnResourcePolicy(this, name, {
        secretId: secret.ref,
        blockPublicPolicy: true,
        resourcePolicy: new PolicyDocument({ statements }),
      });
    }
  }
}

function listOf(roleArn: string | undefined): readonly string[] {
  return roleArn === undefined ? [] : [roleArn];
}

/** A denial by role: `aws:PrincipalArn` of whoever assumed a role is the role's ARN. */
function denyToAllBut(roleArns: readonly string[], actions: string[]): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    // In a secret's own policy, `*` is that secret.
    resources: ['*'],
    ...(roleArns.length > 0 && { conditions: { ArnNotEquals: { 'aws:PrincipalArn': [...roleArns] } } }),
  });
}
