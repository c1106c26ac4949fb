/**
 * Counts calls on a secret by anybody but its functions. It reads them in the adopter's CloudTrail, where a trail writes
 * to a log group. The secrets' own policies deny most of these calls, but the attempt is worth knowing, and so is what the
 * emergency role does. For the controls it counts every change, because an attacker who can write them can make any number
 * a test number. It counts a change of a policy whoever makes it, because nobody is denied that. So it also counts a
 * deployment that creates or changes a policy.
 *
 * CloudTrail often omits `requestParameters` of a denied call. Then the error's message names the secret. Each secret of a
 * BatchGetSecretValue is an event of its own, named GetSecretValue.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
import { Fn, Stack, Token } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type IFilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { SecretGuard } from './secret-guards.ts';
import type { Secret } from './secrets.ts';

/** Calls that give a secret another value. They are not counted for roles that may do so. */
const writes = ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'];
/** Calls that delete a secret, copy it, or change its policy. */
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

/** Matches calls on a secret by anybody but these roles. A pattern has at most 1,024 characters, so it is as short as possible. */
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

/** `Name-abc` of `…:secret:Name-abc-XYZ123`, because a caller may use the name, the whole ARN or a part of it. */
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
