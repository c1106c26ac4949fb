/**
 * A data point for each metric that an alarm watches. What an alarm makes of a metric that was never written is documented
 * nowhere. So this check writes a 0 to each metric that ListMetrics does not know: no function and no filter has written it
 * in two weeks. A 0 raises no alarm. It has the unit in which the functions count, because an alarm over several units behaves unpredictably.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Unit
 */
import {
  type Metric as CloudWatchMetric,
  type MetricDatum,
  PutMetricDataCommand,
  paginateListMetrics,
} from '@aws-sdk/client-cloudwatch';
import { keyOf, type Metric, watchedMetrics } from '../alarms.ts';
import type { Check } from '../check.ts';
import { ok, untold } from '../finding.ts';
import type { Right } from '../right.ts';

const list: Right = { action: 'cloudwatch:ListMetrics', resource: '*' };
const put: Right = { action: 'cloudwatch:PutMetricData', resource: '*' };

export const alarmDataCheck: Check = {
  name: 'alarm data',
  rights: () => [list, put],
  asks: (stack) =>
    watchedMetrics(stack).length === 0
      ? []
      : ['Writes a 0 to each metric of an alarm that nothing has written in two weeks. A 0 raises no alarm.'],
  look: async ({ stack, clients: { cloudWatch }, read, now }) => {
    const watched = watchedMetrics(stack);
    const namespaces = [...new Set(watched.map(({ namespace }) => namespace))];
    const written = new Set<string>();
    for (const Namespace of namespaces) {
      const metrics = await read(list, async ({ abortSignal }) => {
        const all: CloudWatchMetric[] = [];
        const pages = paginateListMetrics({ client: cloudWatch }, { Namespace }, { abortSignal });
        for await (const { Metrics = [] } of pages) all.push(...Metrics);
        return all;
      });
      for (const metric of metrics ?? []) written.add(keyOf(known(metric)));
    }
    const never = watched.filter((metric) => !written.has(keyOf(metric)));
    for (const Namespace of namespaces) {
      const own = never.filter(({ namespace }) => namespace === Namespace);
      if (own.length === 0) continue;
      const MetricData = own.map((metric) => zeroOf(metric, now));
      const answer = await read(put, (options) =>
        cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }), options),
      );
      if (answer === undefined) return [untold(`CloudWatch did not take a data point of ${Namespace}`)];
    }
    const first = never.length === 0 ? '' : `, ${never.length} of them by this check, with a 0`;
    return [ok(`${watched.length} metrics of alarms have been written${first}`)];
  },
};

function known({ Namespace = '', MetricName = '', Dimensions = [] }: CloudWatchMetric): Metric {
  const dimensions = Dimensions.map(({ Name = '', Value = '' }) => ({ Name, Value }));
  return { namespace: Namespace, name: MetricName, dimensions };
}

function zeroOf({ namespace, name, dimensions }: Metric, now: number): MetricDatum {
  return {
    MetricName: name,
    Dimensions: [...dimensions],
    Timestamp: new Date(now * 1000),
    Value: 0,
    Unit: unitOf(namespace, name),
  };
}

/** As `functions/runtime/report.ts` writes them; a test compares. The filters of the trail count without a unit. */
export function unitOf(namespace: string, name: string): 'Count' | 'Milliseconds' | 'None' | 'Seconds' {
  if (namespace !== 'Doorcode') return 'None';
  if (name === 'provider.latency') return 'Milliseconds';
  return name === 'provider-key.age' ? 'Seconds' : 'Count';
}
