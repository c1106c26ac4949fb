/**
 * Resource policies on the secrets. Whatever an identity policy of the account allows, only the functions that need a
 * secret read it. Only their rotations write the code secret, the session secret and the signing keys, and nobody writes the
 * identity secret.
 * Nobody deletes a secret or copies it to another region while the stack exists. The emergency (break-glass) role is
 * exempt where the settings name one. Without it, a person who may change a secret's policy has to change that first,
 * which CloudTrail shows.
 *
 * The policies also deny CloudFormation's calls of UpdateSecret and GetSecretValue. So no secret resource ever changes
 * (`released-secrets.ts`), unless the settings exempt the deployment role.
 *
 * This trades convenience for evidence: not even an administrator reads a key in the console by accident.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
 */
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';
import type { Secret } from './secrets.ts';

/** The calls of a rotation function, which write a value or move labels. RotateSecret only starts the rotation. */
const writes = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];
/** Calls that delete a secret or make a copy with its own policy. Neither a function nor a person needs them. */
const removals = ['secretsmanager:DeleteSecret', 'secretsmanager:ReplicateSecretToRegions'];
/** This call also writes a value. CloudFormation is its only legitimate caller. */
const update = 'secretsmanager:UpdateSecret';

export interface SecretGuard {
  readonly secret: Secret;
  /** The functions that read its value. */
  readonly readers: readonly LambdaFunction[];
  /** Who may write its value: `people`, its rotation alone, or `nobody`. */
  readonly writers: 'people' | 'nobody' | readonly LambdaFunction[];
  /** ARNs of the roles of people who may also read and write it. */
  readonly roles?: readonly string[];
}

export interface SecretGuardsProps {
  readonly guards: Readonly<Record<string, SecretGuard>>;
  /** ARN of the emergency role, which no denial stops. */
  readonly breakGlassRoleArn: string | undefined;
  /** ARN of the deployment role, exempt from the denials that would stop CloudFormation's updates of a secret. */
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

/** A denial for all roles but some. For an assumed role, `aws:PrincipalArn` is the role's ARN. */
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
