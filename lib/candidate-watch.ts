/** Invokes the rotation function every hour, to check whether a candidate key has waited for too long. */
import { Stack, Validations } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';
import type { Secret } from './secrets.ts';

export interface CandidateWatchProps {
  readonly secret: Secret;
  readonly rotation: LambdaFunction;
}

/** The schedule and the permission. */
export class CandidateWatch extends Construct {
  constructor(scope: Construct, id: string, { secret, rotation }: CandidateWatchProps) {
    super(scope, id);
    const { functionArn } = rotation.function;
    const rule = new CfnRule(this, 'Hourly', {
      description: 'Doorcode: looks for a candidate of the provider key that nobody promotes.',
      scheduleExpression: 'rate(1 hour)',
      targets: [
        {
          id: 'Watch',
          arn: functionArn,
          input: Stack.of(this).toJsonString({ Step: 'watchCandidate', SecretId: secret.ref }),
        },
      ],
    });
    Validations.of(rule).acknowledge({
      id: 'Serverless::Serverless-EventBusDLQ',
      reason:
        'The next hour makes up for a missed one. The function counts a failure, which raises an alarm.',
    });
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: functionArn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}
