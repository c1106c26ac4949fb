/**
 * Whoever reads a secret and is none of its functions, seen in the adopter's CloudTrail, where a trail writes to a log
 * group. The secrets' own policies deny such a read; the attempt is what is worth knowing, and a read with the role for
 * emergencies.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudtrail.html
 */
import { Fn, Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';

export interface ReadWatchProps {
  readonly cloudTrailLogGroupName: string;
  readonly secrets: Readonly<
    Record<string, { readonly secret: CfnSecret; readonly readers: readonly LambdaFunction[] }>
  >;
}

/** One filter for each secret, all on the same count. */
export class ReadWatch extends Construct {
  readonly foreignReads: IMetric;

  constructor(scope: Construct, id: string, { cloudTrailLogGroupName, secrets }: ReadWatchProps) {
    super(scope, id);
    const logGroup = LogGroup.fromLogGroupName(this, 'Trail', cloudTrailLogGroupName);
    const metric = {
      metricNamespace: `Doorcode/${Stack.of(this).stackName}`,
      metricName: 'secret.foreign-read',
    };
    const issuer = '$.userIdentity.sessionContext.sessionIssuer.arn';
    const filters = Object.entries(secrets).map(
      ([name, { secret, readers }]) =>
        new MetricFilter(this, name, {
          ...metric,
          logGroup,
          filterPattern: FilterPattern.all(
            FilterPattern.stringValue('$.eventName', '=', 'GetSecretValue'),
            FilterPattern.stringValue('$.requestParameters.secretId', '=', `*${nameOf(secret)}*`),
            FilterPattern.any(
              FilterPattern.notExists(issuer),
              FilterPattern.all(
                ...readers.map(({ roleArn }) => FilterPattern.stringValue(issuer, '!=', roleArn)),
              ),
            ),
          ),
        }),
    );
    const [first] = filters;
    if (first === undefined) throw new RangeError('expected at least one secret');
    this.foreignReads = first.metric({ statistic: 'Sum' });
  }
}

/** `Name-abc` of `…:secret:Name-abc-XYZ123`: a caller may give the name, the whole ARN or a part of it. */
function nameOf(secret: CfnSecret): string {
  const parts = Fn.split('-', Fn.select(6, Fn.split(':', secret.ref)));
  return Fn.join('-', [Fn.select(0, parts), Fn.select(1, parts)]);
}
