/** The metrics that the alarms and the dashboard of a template use. */
import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';

interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
}

const stat = v.object({ Metric: v.object({ Namespace: v.string(), MetricName: v.string() }) });
const alarmSchema = v.object({
  AlarmDescription: v.string(),
  Namespace: v.optional(v.string()),
  MetricName: v.optional(v.string()),
  Metrics: v.optional(
    v.array(v.object({ Id: v.string(), Expression: v.optional(v.string()), MetricStat: v.optional(stat) })),
    [],
  ),
});

export interface WatchingAlarm {
  readonly id: string;
  readonly description: string;
  readonly metrics: readonly WatchedMetric[];
  /** Its expression, where it has one, and the ids of the metrics that it may name. */
  readonly expression: string | undefined;
  readonly ids: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties; every test says what it expects of them.
  readonly properties: any;
}

/** Every alarm, with what it watches. */
export function alarmsOf(template: Template): readonly WatchingAlarm[] {
  return Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => {
    const { AlarmDescription, Namespace, MetricName, Metrics } = v.parse(alarmSchema, Properties);
    const single = Namespace && MetricName ? [{ namespace: Namespace, name: MetricName }] : [];
    const stats = Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
    const several = stats.map((m) => ({ namespace: m.Namespace, name: m.MetricName }));
    return {
      id,
      description: AlarmDescription,
      metrics: [...single, ...several],
      expression: Metrics.find(({ Expression }) => Expression !== undefined)?.Expression,
      ids: Metrics.flatMap(({ Id, MetricStat }) => (MetricStat === undefined ? [] : [Id])),
      properties: Properties,
    };
  });
}

const bodySchema = v.object({
  widgets: v.array(
    v.object({
      x: v.number(),
      width: v.number(),
      properties: v.object({
        title: v.optional(v.string()),
        metrics: v.optional(v.array(v.array(v.unknown())), []),
      }),
    }),
  ),
});

export interface Graph {
  readonly title: string;
  readonly metrics: readonly WatchedMetric[];
  readonly expressions: readonly string[];
}

/** The graphs of the one dashboard; what CloudFormation fills in reads `X`. */
export function graphsOf(template: Template): readonly Graph[] {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body: unknown = dashboard?.['Properties'].DashboardBody;
  const joined = v.parse(v.object({ 'Fn::Join': v.tuple([v.literal(''), v.array(v.unknown())]) }), body)[
    'Fn::Join'
  ][1];
  const text = joined.map((part) => (typeof part === 'string' ? part : 'X')).join('');
  return v.parse(bodySchema, JSON.parse(text)).widgets.flatMap(({ properties: { title, metrics } }) => {
    if (title === undefined) return [];
    const lines = metrics.filter(([namespace]) => typeof namespace === 'string');
    const others = v.parse(
      v.array(v.tuple([v.object({ expression: v.string() })])),
      metrics.filter(([namespace]) => typeof namespace !== 'string'),
    );
    return [
      {
        title,
        metrics: lines.map(([namespace, name]) => ({ namespace: String(namespace), name: String(name) })),
        expressions: others.map(([{ expression }]) => expression),
      },
    ];
  });
}
