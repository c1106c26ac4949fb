/**
 * The time at which a version of the provider key was last used. It comes from the metric that every send writes, in
 * CloudWatch or in the log of the local stack.
 */
import { existsSync, readFileSync } from 'node:fs';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import * as v from 'valibot';

/** Epoch seconds of the last use of a version; undefined where it was not used in the last three hours. */
export type LastUse = (versionId: string) => Promise<number | undefined>;

const metric = 'provider-key.used';
const lookBackSeconds = 3 * 3600;

/** Reads the one-minute sums of one stack from CloudWatch. */
export function lastUseInCloudWatch(config: { readonly region?: string }, stackName: string): LastUse {
  const client = new CloudWatchClient(config);
  return async (versionId) => {
    const now = Date.now();
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Doorcode',
        MetricName: metric,
        Dimensions: [
          { Name: 'service', Value: stackName },
          { Name: 'versionId', Value: versionId },
        ],
        StartTime: new Date(now - lookBackSeconds * 1000),
        EndTime: new Date(now),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    const used = Datapoints.filter(({ Sum = 0 }) => Sum > 0).map(
      ({ Timestamp }) => Timestamp?.getTime() ?? 0,
    );
    return used.length === 0 ? undefined : Math.floor(Math.max(...used) / 1000);
  };
}

const usedLine = v.object({
  _aws: v.object({ Timestamp: v.number() }),
  versionId: v.string(),
  [metric]: v.number(),
});

/** Reads the log of the local request-otp function. */
export function lastUseInLog(file: string): LastUse {
  return async (versionId) => {
    if (!existsSync(file)) return undefined;
    const newestFirst = readFileSync(file, 'utf8').split('\n').reverse();
    for (const line of newestFirst.filter((candidate) => candidate.includes(metric))) {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), usedLine), line);
      if (!parsed.success || parsed.output.versionId !== versionId) continue;
      const usedAt = Math.floor(parsed.output._aws.Timestamp / 1000);
      return Date.now() / 1000 - usedAt > lookBackSeconds ? undefined : usedAt;
    }
    return undefined;
  };
}
