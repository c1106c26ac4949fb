/**
 * Resource policies on the secrets: whatever an identity policy of the account allows, a secret is read by the functions
 * that need it and by nobody else, the signing keys are written by their rotation alone, and the identity secret by
 * nobody. A role for emergencies (break-glass) is let through where the settings name one; without it, whoever may
 * change a secret's policy has to change that first, which CloudTrail shows.
 *
 * It trades convenience for evidence: not even an administrator reads a key in the console by accident.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
 */
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, type CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';

/** Everything that gives a secret another value, moves its labels, or ends it. */
const changes = [
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecret',
  'secretsmanager:UpdateSecretVersionStage',
  'secretsmanager:RotateSecret',
  'secretsmanager:DeleteSecret',
];
/** What a rotation function does itself; RotateSecret only starts it. */
const writes = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'];

interface SecretGuard {
  readonly secret: CfnSecret;
  /** The functions that read its value. */
  readonly readers: readonly LambdaFunction[];
  /** Who gives it another value: `people`, as they need to; its rotation alone; or `nobody`, ever. */
  readonly writers: 'people' | 'nobody' | readonly LambdaFunction[];
  /** ARNs of roles of people that read it and give it another value besides those. */
  readonly roles?: readonly string[];
}

export interface SecretGuardsProps {
  readonly guards: Readonly<Record<string, SecretGuard>>;
  /** ARN of the role for emergencies. */
  readonly breakGlassRoleArn: string | undefined;
}

/** The resource policies, one for each secret. */
export class SecretGuards extends Construct {
  constructor(scope: Construct, id: string, { guards, breakGlassRoleArn }: SecretGuardsProps) {
    super(scope, id);
    const breakGlass = breakGlassRoleArn === undefined ? [] : [breakGlassRoleArn];
    const rolesOf = (functions: readonly LambdaFunction[]): readonly string[] => [
      ...functions.map(({ roleArn }) => roleArn),
      ...breakGlass,
    ];
    for (const [name, { secret, readers, writers, roles = [] }] of Object.entries(guards)) {
      const denials = [denyToAllBut([...rolesOf(readers), ...roles], ['secretsmanager:GetSecretValue'])];
      if (writers === 'nobody') denials.push(denyToAllBut([...breakGlass, ...roles], changes));
      else if (writers !== 'people') denials.push(denyToAllBut([...rolesOf(writers), ...roles], writes));
      new CfnResourcePolicy(this, name, {
        secretId: secret.ref,
        blockPublicPolicy: true,
        resourcePolicy: new PolicyDocument({ statements: denials }),
      });
    }
  }
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
