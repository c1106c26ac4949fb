/**
 * The alarms, for what nobody would notice by himself; each says what to do. They tell a topic where the settings name
 * one; without it they only turn red, and cost the same few cents: one by metric, so that what is off has none.
 * What they watch stands in `alarms/`, by theme.
 */
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Settings } from '../functions/settings/settings.ts';
import { abuseAlarms } from './alarms/abuse-alarms.ts';
import type { AlarmPlan } from './alarms/alarm.ts';
import { type Api, functionAlarms } from './alarms/function-alarms.ts';
import { keyAlarms, type Rotations } from './alarms/key-alarms.ts';
import { providerAlarms } from './alarms/provider-alarms.ts';
import { sessionAlarms } from './alarms/session-alarms.ts';
import { metricsOf } from './metrics.ts';

export interface AlarmsProps {
  readonly settings: Settings;
  readonly api: Api;
  readonly rotations: Rotations;
  /** Reads of a secret by others than its functions, where CloudTrail is watched. */
  readonly foreignReads: IMetric | undefined;
  /** Changes of a secret by others, there too. */
  readonly foreignChanges: IMetric | undefined;
  /** ARN of the topic that is told. */
  readonly topicArn: string | undefined;
}

/** One alarm for each failure. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { settings, topicArn } = props;
    const metrics = metricsOf(this);
    const topic = topicArn === undefined ? undefined : Topic.fromTopicArn(this, 'Topic', topicArn);
    const plans = [
      ...keyAlarms(metrics, props),
      ...abuseAlarms(metrics, settings),
      ...providerAlarms(metrics),
      ...functionAlarms(metrics, props),
      ...sessionAlarms(metrics, props.api.functions.session),
    ];
    for (const plan of plans) {
      const alarm = this.alarm(plan);
      if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic));
    }
  }

  private alarm({ id, metric, description, threshold = 0, comparison, periods = 1 }: AlarmPlan): Alarm {
    return new Alarm(this, id, {
      metric,
      alarmDescription: description,
      threshold,
      comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
