/**
 * Lets Secrets Manager, and nobody else, run a rotation function for one secret.
 *
 * The schedule is the low-level resource on purpose: the high-level one adds GetRandomPassword on every resource and
 * a permission that any account's Secrets Manager could use.
 */
import { Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';
import type { Secret } from './secrets.ts';

export interface SecretRotationProps {
  readonly secret: Secret;
  readonly rotation: LambdaFunction;
  /** Days between rotations; without it the secret rotates only when somebody starts it. */
  readonly everyDays?: number;
  /**
   * Whether a rotation runs when this resource is created or changed. Otherwise Secrets Manager only calls the function's
   * step testSecret.
   */
  readonly startsAtOnce: boolean;
  /** Resources that must exist before the function runs. */
  readonly after?: readonly IConstruct[];
}

/** The rotation of one secret, and the permission that it needs. */
export class SecretRotation extends Construct {
  constructor(scope: Construct, id: string, { secret, rotation, ...props }: SecretRotationProps) {
    super(scope, id);
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: rotation.function.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: secret.ref,
    });
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.ref,
      rotationLambdaArn: rotation.function.functionArn,
      ...(props.everyDays !== undefined && { rotationRules: { automaticallyAfterDays: props.everyDays } }),
      rotateImmediatelyOnUpdate: props.startsAtOnce,
    });
    schedule.node.addDependency(permission, rotation, ...(props.after ?? []));
  }
}
