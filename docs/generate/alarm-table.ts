/** The table of alarms for the person on call, read from a synthesised template. */
import * as v from 'valibot';

const alarmSchema = v.object({
  Type: v.literal('AWS::CloudWatch::Alarm'),
  Properties: v.object({
    AlarmDescription: v.string(),
    ComparisonOperator: v.picklist(['GreaterThanThreshold', 'LessThanThreshold']),
    Threshold: v.number(),
    EvaluationPeriods: v.number(),
    MetricName: v.optional(v.string()),
    Period: v.optional(v.number()),
    Metrics: v.optional(
      v.array(
        v.object({
          Label: v.optional(v.string()),
          MetricStat: v.optional(
            v.object({ Metric: v.object({ MetricName: v.string() }), Period: v.number(), Stat: v.string() }),
          ),
        }),
      ),
      [],
    ),
  }),
});
type Alarm = v.InferOutput<typeof alarmSchema>['Properties'];

/** The part of a construct's logical id that CDK draws from its path. */
const drawnSuffix = /[0-9A-F]{8}$/;

/**
 * Every alarm among the resources of a template, as Markdown: its name, when it goes off, and its description, which
 * says what to do. Throws if there is none, or one of a form that the table cannot tell.
 */
export function alarmTable(resources: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(resources).flatMap(([id, resource]) => {
    if (!v.is(v.object({ Type: v.literal('AWS::CloudWatch::Alarm') }), resource)) return [];
    const { Properties: alarm } = v.parse(alarmSchema, resource);
    const name = id.replace(/^Alarms/, '').replace(drawnSuffix, '');
    return [`| \`${name}\` | ${goesOff(alarm)} | ${alarm.AlarmDescription.replace(/^Doorcode: /, '')} |`];
  });
  if (rows.length === 0) throw new Error('the template has no alarm');
  return ['| alarm | goes off when | what happened, and what to do |', '|---|---|---|', ...rows].join('\n');
}

function goesOff(alarm: Alarm): string {
  const { what, periodSeconds } = watched(alarm);
  const sign = alarm.ComparisonOperator === 'GreaterThanThreshold' ? 'above' : 'below';
  const window = period(periodSeconds);
  const windows = alarm.EvaluationPeriods === 1 ? window : `each of ${alarm.EvaluationPeriods} × ${window}`;
  return `${what} ${sign} ${alarm.Threshold.toLocaleString('en-US')} in ${windows}`;
}

function watched(alarm: Alarm): { readonly what: string; readonly periodSeconds: number } {
  if (alarm.MetricName !== undefined && alarm.Period !== undefined) {
    return { what: `\`${alarm.MetricName}\``, periodSeconds: alarm.Period };
  }
  const [first] = alarm.Metrics;
  const stat = alarm.Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat;
  if (first?.Label === undefined || stat === undefined)
    throw new Error('an alarm without a metric or a label');
  const what = first.MetricStat === undefined ? first.Label : `\`${stat.Metric.MetricName}\` (${stat.Stat})`;
  return { what, periodSeconds: stat.Period };
}

function period(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} day`;
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds / 60} min`;
}
