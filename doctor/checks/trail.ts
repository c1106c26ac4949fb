/**
 * The watch over CloudTrail: the trail writes to its log group, each filter is the template's, and the filters find what
 * they are for. The check gives them sample events of CloudTrail's shape: a stranger's calls, which a filter of that
 * secret must find, and those of its own functions, which none may find.
 * It is long because it asks three questions of one log group, each of which explains the next.
 */
import {
  DescribeLogStreamsCommand,
  type MetricFilter,
  paginateDescribeMetricFilters,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Check, deployAgain, type Examination } from '../check.ts';
import { type DeployedStack, ofType, type Resource } from '../deployed-stack.ts';
import { differences, isRecord } from '../differences.ts';
import { each } from '../each.ts';
import { ok, type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';
import { type StackSecret, secretsOf } from '../secrets.ts';
import { nameOf, samplesOf } from '../trail-samples.ts';

const type = 'AWS::Logs::MetricFilter';
const onGroup = ({ arn }: DeployedStack, action: string, group: string): Right => ({
  action: `logs:${action}`,
  resource: arn('logs', `log-group:${group}:*`),
});
const test: Right = { action: 'logs:TestMetricFilter', resource: '*' };

/** CloudTrail delivers within minutes, and an account makes calls all day: those of this command, too. */
const silentSeconds = 24 * 3600;

function groupsOf(stack: DeployedStack): readonly string[] {
  return [...new Set(ofType(stack, type).map(({ properties }) => String(properties['LogGroupName'])))];
}

export const trailCheck: Check = {
  name: 'trail',
  rights: (stack) =>
    groupsOf(stack).length === 0
      ? []
      : [
          test,
          ...groupsOf(stack).flatMap((group) =>
            ['DescribeLogStreams', 'DescribeMetricFilters'].map((action) => onGroup(stack, action, group)),
          ),
        ],
  look: async (examination) => {
    const { stack } = examination;
    const filters = ofType(stack, type);
    if (filters.length === 0)
      return [
        ok(
          'not watched: nobody is told who reads a secret. The setting cloudTrailLogGroupName names a log group',
        ),
      ];
    const problems = await each(groupsOf(stack), async (group) => {
      const silence = await silenceOf(group, examination);
      if (silence.length > 0) return silence;
      const found = await filtersOn(group, examination);
      return [
        ...filters.flatMap((filter) => filterProblems(filter, found)),
        ...(await each(secretsOf(stack), (secret) => sampleProblems(secret, found, examination))),
      ];
    });
    return unless(
      problems,
      `${filters.length} filters as in the template; they find a stranger's calls on each of ${secretsOf(stack).length} secrets, and not those of its functions`,
    );
  },
};

async function silenceOf(
  group: string,
  { stack, clients, read, now }: Examination,
): Promise<readonly Problem[]> {
  const answer = await read(onGroup(stack, 'DescribeLogStreams', group), (options) =>
    clients.logs.send(
      new DescribeLogStreamsCommand({
        logGroupName: group,
        orderBy: 'LastEventTime',
        descending: true,
        limit: 5,
      }),
      options,
    ),
  );
  const mend =
    'Check in CloudTrail that a trail writes management events, reads included, to this log group, or set cloudTrailLogGroupName to the right one.';
  if (answer === undefined) return [wrong(`The log group ${group} does not exist.`, mend)];
  const last =
    Math.max(0, ...(answer.logStreams ?? []).map((stream) => stream.lastIngestionTime ?? 0)) / 1000;
  if (now - last < silentSeconds) return [];
  const since = last === 0 ? 'ever' : `since ${new Date(last * 1000).toISOString().slice(0, 16)}Z`;
  return [wrong(`No trail has written to the log group ${group} ${since === 'ever' ? 'yet' : since}.`, mend)];
}

async function filtersOn(
  group: string,
  { stack, clients: { logs }, read }: Examination,
): Promise<readonly MetricFilter[]> {
  const found = await read(onGroup(stack, 'DescribeMetricFilters', group), async ({ abortSignal }) => {
    const all: MetricFilter[] = [];
    const pages = paginateDescribeMetricFilters({ client: logs }, { logGroupName: group }, { abortSignal });
    for await (const { metricFilters = [] } of pages) all.push(...metricFilters);
    return all;
  });
  return found ?? [];
}

function filterProblems(
  { logicalId, physicalId, properties }: Resource,
  found: readonly MetricFilter[],
): readonly Problem[] {
  const actual = found.find(({ filterName }) => filterName === physicalId);
  if (actual === undefined) return [wrong(`The filter ${logicalId} does not exist.`, 'Deploy again.')];
  const { FilterPattern, MetricTransformations } = properties;
  const changed = differences(inLogsSpelling({ FilterPattern, MetricTransformations }), actual);
  return changed.length === 0
    ? []
    : [wrong(`The filter ${logicalId} differs from the template in ${changed.join(', ')}.`, deployAgain)];
}

/** CloudWatch Logs answers with small initials: `metricName`, not `MetricName`. */
function inLogsSpelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inLogsSpelling);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      inLogsSpelling(member),
    ]),
  );
}

async function sampleProblems(
  secret: StackSecret,
  found: readonly MetricFilter[],
  { stack, clients, read }: Examination,
): Promise<readonly Problem[]> {
  const samples = samplesOf(secret, stack);
  const itsName = nameOf(secret);
  const patterns = found.map(({ filterPattern = '' }) => filterPattern).filter((p) => p.includes(itsName));
  const matched = new Set<number>();
  for (const filterPattern of patterns) {
    const answer = await read(test, (options) =>
      clients.logs.send(
        new TestMetricFilterCommand({
          filterPattern,
          logEventMessages: samples.map(({ event }) => event),
        }),
        options,
      ),
    );
    // CloudWatch Logs numbers the events from 1.
    for (const { eventNumber } of answer?.matches ?? []) matched.add(Number(eventNumber) - 1);
  }
  return samples
    .filter(({ isForeign }, i) => isForeign !== matched.has(i))
    .map(({ what, isForeign }) =>
      wrong(
        isForeign
          ? `No filter finds ${what} of ${secret.name}.`
          : `A filter counts ${what} of ${secret.name}, so the alarm goes off for nothing.`,
        'Deploy again. If it stays, report it with this line.',
      ),
    );
}
