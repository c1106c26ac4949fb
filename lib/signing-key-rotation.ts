/**
 * Lets Secrets Manager, and nobody else, run the rotation function for the signing keys: once at deployment, which
 * makes the first key, then at intervals.
 *
 * The schedule is the low-level resource on purpose: the high-level one adds GetRandomPassword on every resource and
 * a permission that any account's Secrets Manager could use.
 */
import { Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnRotationSchedule, type CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';

export interface SigningKeyRotationProps {
  readonly secret: CfnSecret;
  readonly rotation: LambdaFunction;
  readonly everyDays: number;
  /** What must be there when the first rotation runs, besides the function and its rights: the table. */
  readonly after: IConstruct;
}

/** The schedule and the permission. */
export class SigningKeyRotation extends Construct {
  constructor(scope: Construct, id: string, { secret, rotation, everyDays, after }: SigningKeyRotationProps) {
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
      rotationRules: { automaticallyAfterDays: everyDays },
      // The first rotation runs at deployment, and later ones when this resource changes.
      rotateImmediatelyOnUpdate: true,
    });
    schedule.node.addDependency(permission, rotation, after);
  }
}
