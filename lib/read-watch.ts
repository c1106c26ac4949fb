/**
 * Whoever reads or changes a secret and is none of its functions, seen in the adopter's CloudTrail, where a trail writes
 * to a log group. The secrets' own policies deny most of it; the attempt is what is worth knowing, and what the role for
 * emergencies does. Of the controls, which people change as they need to, every change is counted: who may write them can
 * make anybody's number a test number. A change of the policy itself is denied to nobody, so it is watched whoever makes it: CloudFormation
 * is seen, too, when a deployment makes or changes one.
 *
 * CloudTrail often leaves `requestParameters` out of a call that was denied; the error's message names the secret then.
 * Each secret of a BatchGetSecretValue is an event of its own, named GetSecretValue.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
import { Fn, Stack, Token } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type IFilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { SecretGuard } from './secret-guards.ts';
import type { Secret } from './secrets.ts';

/** Give a secret another value. Where people do so as they need to, they are no news. */
const writes = ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'];
/** End it, copy it, or change who may do what with it. */
const takeOvers = ['DeleteSecret', 'ReplicateSecretToRegions', 'PutResourcePolicy', 'DeleteResourcePolicy'];

export interface ReadWatchProps {
  readonly cloudTrailLogGroupName: string;
  readonly secrets: Readonly<Record<string, SecretGuard>>;
}

/** Filters for each secret: its reads on one count, its changes on another. */
export class ReadWatch extends Construct {
  readonly foreignReads: IMetric;
  readonly foreignChanges: IMetric;

  constructor(scope: Construct, id: string, { cloudTrailLogGroupName, secrets }: ReadWatchProps) {
    super(scope, id);
    const logGroup = LogGroup.fromLogGroupName(this, 'Trail', cloudTrailLogGroupName);
    const metricNamespace = `Doorcode/${Stack.of(this).stackName}`;
    const filter = (name: string, metricName: string, filterPattern: IFilterPattern): MetricFilter =>
      new MetricFilter(this, name, { logGroup, metricNamespace, metricName, filterPattern });
    const filters = Object.entries(secrets).map(([name, { secret, readers, writers, roles = [] }]) => ({
      reads: filter(
        name,
        'secret.foreign-read',
        callsBy(secret, ['GetSecretValue'], [...arnsOf(readers), ...roles]),
      ),
      takeOvers: filter(`${name}TakeOver`, 'secret.foreign-change', callsBy(secret, takeOvers, [])),
      ...(writers !== 'people' && {
        writes: filter(
          `${name}Write`,
          'secret.foreign-change',
          callsBy(secret, writes, [...(writers === 'nobody' ? [] : arnsOf(writers)), ...roles]),
        ),
      }),
    }));
    const [first] = filters;
    if (first === undefined) throw new RangeError('expected at least one secret');
    this.foreignReads = first.reads.metric({ statistic: 'Sum' });
    this.foreignChanges = first.takeOvers.metric({ statistic: 'Sum' });
  }
}

const issuer = '$.userIdentity.sessionContext.sessionIssuer.arn';

function arnsOf(functions: SecretGuard['readers']): readonly string[] {
  return functions.map(({ roleArn }) => roleArn);
}

/** Calls on a secret by others than these roles. A pattern may have 1,024 characters, so it names no more than it must. */
function callsBy(secret: Secret, eventNames: readonly string[], roleArns: readonly string[]): IFilterPattern {
  const itsName = `*${nameOf(secret)}*`;
  const isAnother = roleArns.map((roleArn) => FilterPattern.stringValue(issuer, '!=', roleArn));
  return FilterPattern.all(
    FilterPattern.any(...eventNames.map((name) => FilterPattern.stringValue('$.eventName', '=', name))),
    FilterPattern.any(
      FilterPattern.stringValue('$.requestParameters.secretId', '=', itsName),
      FilterPattern.stringValue('$.errorMessage', '=', itsName),
    ),
    ...(isAnother.length === 0
      ? []
      : [FilterPattern.any(FilterPattern.notExists(issuer), FilterPattern.all(...isAnother))]),
  );
}

/** `Name-abc` of `…:secret:Name-abc-XYZ123`: a caller may give the name, the whole ARN or a part of it. */
function nameOf({ ref }: Secret): string {
  if (!Token.isUnresolved(ref))
    return ref
      .split(':')
      .slice(6)
      .join(':')
      .replace(/-[^-]{6}$/, '');
  const parts = Fn.split('-', Fn.select(6, Fn.split(':', ref)));
  return Fn.join('-', [Fn.select(0, parts), Fn.select(1, parts)]);
}
