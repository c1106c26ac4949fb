/**
 * Whoever reads a secret and is none of its functions, seen in the adopter's CloudTrail, where a trail writes to a log
 * group. The secrets' own policies deny such a read; the attempt is what is worth knowing, and a read with the role for
 * emergencies. Of the controls every change is counted, too: who may write them can make anybody's number a test number.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudtrail.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (readOnly)
 */
import { Fn, Stack } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type JsonPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { LambdaFunction } from './lambda-function.ts';

interface Watched {
  readonly secret: CfnSecret;
  /** The functions that read its value. */
  readonly readers: readonly LambdaFunction[];
  /** ARNs of roles of people that may use it. */
  readonly roles?: readonly string[];
  /** Whether changes are counted beside reads. */
  readonly watchesChanges?: boolean;
}

export interface ReadWatchProps {
  readonly cloudTrailLogGroupName: string;
  readonly secrets: Readonly<Record<string, Watched>>;
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
    const filters = Object.entries(secrets).map(
      ([name, watched]) =>
        new MetricFilter(this, name, { ...metric, logGroup, filterPattern: patternOf(watched) }),
    );
    const [first] = filters;
    if (first === undefined) throw new RangeError('expected at least one secret');
    this.foreignReads = first.metric({ statistic: 'Sum' });
  }
}

const issuer = '$.userIdentity.sessionContext.sessionIssuer.arn';

function patternOf({ secret, readers, roles = [], watchesChanges = false }: Watched): JsonPattern {
  const read = FilterPattern.stringValue('$.eventName', '=', 'GetSecretValue');
  const known = [...readers.map(({ roleArn }) => roleArn), ...roles];
  return FilterPattern.all(
    watchesChanges ? FilterPattern.any(read, FilterPattern.booleanValue('$.readOnly', false)) : read,
    FilterPattern.stringValue('$.requestParameters.secretId', '=', `*${nameOf(secret)}*`),
    FilterPattern.any(
      FilterPattern.notExists(issuer),
      FilterPattern.all(...known.map((roleArn) => FilterPattern.stringValue(issuer, '!=', roleArn))),
    ),
  );
}

/** `Name-abc` of `…:secret:Name-abc-XYZ123`: a caller may give the name, the whole ARN or a part of it. */
function nameOf(secret: CfnSecret): string {
  const parts = Fn.split('-', Fn.select(6, Fn.split(':', secret.ref)));
  return Fn.join('-', [Fn.select(0, parts), Fn.select(1, parts)]);
}
