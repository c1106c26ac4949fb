/**
 * CloudWatch: the alarms of the template with the state that the functions' metrics put them in, the list of metrics, and
 * data points put by hand. Alarms on AWS's own metrics, and those over an expression, are never red here.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
 */
import * as v from 'valibot';
import { type AccountState, arnIn, type Operations, ofType, type PutMetric } from './account-state.ts';
import { metricsOf } from './metrics.ts';

/** The members of an alarm that decide whether it is red. */
const watchedSchema = v.object({
  Namespace: v.string(),
  MetricName: v.string(),
  Dimensions: v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []),
  Statistic: v.picklist(['Sum', 'Maximum']),
  Period: v.number(),
  Threshold: v.number(),
  ComparisonOperator: v.literal('GreaterThanThreshold'),
});

function isRed(properties: unknown, metrics: readonly PutMetric[]): boolean {
  const parsed = v.safeParse(watchedSchema, properties);
  if (!parsed.success) return false;
  const { Namespace, MetricName, Dimensions, Statistic, Period, Threshold } = parsed.output;
  const values = metrics
    .filter(
      ({ namespace, name, dimensions, atMs }) =>
        namespace === Namespace &&
        name === MetricName &&
        atMs > Date.now() - Period * 1000 &&
        Object.keys(dimensions).length === Dimensions.length &&
        Dimensions.every(({ Name, Value }) => dimensions[Name] === Value),
    )
    .map(({ value }) => value);
  const found = Statistic === 'Sum' ? values.reduce((sum, one) => sum + one, 0) : Math.max(0, ...values);
  return found > Threshold;
}

const namesSchema = v.object({ AlarmNames: v.array(v.string()) });
const dataSchema = v.object({
  Namespace: v.string(),
  MetricData: v.array(
    v.object({
      MetricName: v.string(),
      Dimensions: v.optional(v.array(v.object({ Name: v.string(), Value: v.string() })), []),
      Value: v.number(),
      Unit: v.optional(v.string(), 'None'),
      Timestamp: v.number(),
    }),
  ),
});

function putData(input: unknown, { putMetrics }: AccountState): object {
  const { Namespace, MetricData } = v.parse(dataSchema, input);
  for (const { MetricName, Dimensions, Value, Unit, Timestamp } of MetricData)
    putMetrics.push({
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(Dimensions.map((dimension) => [dimension.Name, dimension.Value])),
      value: Value,
      unit: Unit,
      atMs: Timestamp * 1000,
    });
  return {};
}

export const cloudWatch: Operations = {
  DescribeAlarms: {
    right: (_, state) => ({
      action: 'cloudwatch:DescribeAlarms',
      resource: arnIn(state, 'cloudwatch', 'alarm:*'),
    }),
    answer: (input, state) => {
      const { AlarmNames } = v.parse(namesSchema, input);
      const metrics = metricsOf(state);
      return {
        MetricAlarms: ofType(state, 'AWS::CloudWatch::Alarm')
          .filter(({ physicalId }) => AlarmNames.includes(physicalId))
          .map(({ physicalId, properties: { Tags: _, ...properties } }) => ({
            ActionsEnabled: true,
            ...properties,
            AlarmName: physicalId,
            AlarmArn: arnIn(state, 'cloudwatch', `alarm:${physicalId}`),
            StateValue: isRed(properties, metrics) ? 'ALARM' : 'OK',
          })),
      };
    },
  },
  ListMetrics: {
    right: () => ({ action: 'cloudwatch:ListMetrics', resource: '*' }),
    answer: ({ Namespace }, state) => {
      const all = metricsOf(state)
        .filter(({ namespace }) => namespace === Namespace)
        .map(({ name, dimensions }) => ({
          Namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        }));
      return { Metrics: [...new Map(all.map((metric) => [JSON.stringify(metric), metric])).values()] };
    },
  },
  PutMetricData: {
    right: () => ({ action: 'cloudwatch:PutMetricData', resource: '*' }),
    answer: putData,
  },
};
