/**
 * CloudWatch Logs: the log groups of the template with the lines that functions and gateway wrote. The log group of a trail,
 * which the settings name, belongs to the account.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
import * as v from 'valibot';
import { AwsError } from '../aws/aws-error.ts';
import { parsedJson } from '../listeners/read-body.ts';
import { type AccountState, arnIn, type Input, type Operations, ofType } from './account-state.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { type Line, queriedGroups, queryResults, startQuery } from './log-queries.ts';

/** The lines of a group of the template, or those that the trail of the account would have; undefined for no such group. */
function linesIn(group: unknown, state: AccountState): readonly Line[] | undefined {
  const { deployment, logLines, accessLines, lastCallMs } = state;
  const isOurs = ofType(state, 'AWS::Logs::LogGroup').some(({ physicalId }) => physicalId === group);
  const isTrail = ofType(state, 'AWS::Logs::MetricFilter').some(
    ({ properties }) => properties['LogGroupName'] === group,
  );
  if (isTrail) return lastCallMs === 0 ? [] : [{ line: '{}', atMs: lastCallMs }];
  if (!isOurs) return undefined;
  const writer = ofType(state, 'AWS::Lambda::Function').find(
    ({ properties }) => Object(properties['LoggingConfig']).LogGroup === group,
  );
  const arn = arnIn(state, 'lambda', `function:${writer?.physicalId}`);
  const name = deployment.functions.find((deployed) => deployed.arn === arn)?.name;
  return name === undefined ? accessLines : logLines.filter((line) => line.function === name);
}

function mustHave(input: Input, state: AccountState): readonly Line[] {
  const lines = linesIn(input['logGroupName'], state);
  if (lines === undefined)
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return lines;
}

/** The same right on each of the groups of a query. */
function onQueried(action: string): Operations[string]['right'] {
  return (input, state) =>
    queriedGroups(input, state).map((group) => ({
      action: `logs:${action}`,
      resource: arnIn(state, 'logs', `log-group:${group}:log-stream:`),
    }));
}

function onGroup(action: string): Operations[string]['right'] {
  return ({ logGroupName }, state) => ({
    action: `logs:${action}`,
    resource: arnIn(state, 'logs', `log-group:${logGroupName}:log-stream:`),
  });
}

/** A single quoted term, the one pattern for plain lines that is asked for. */
function termIn(pattern: unknown): string {
  const [, term] = /^"([^"\\]+)"$/.exec(String(pattern)) ?? [];
  if (term === undefined) throw new AwsError('InvalidParameterException', 'Invalid filter pattern');
  return term;
}

const samplesSchema = v.object({
  filterPattern: v.pipe(v.string(), v.maxLength(1024)),
  logEventMessages: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(50)),
});

export const logs: Operations = {
  DescribeLogGroups: {
    right: () => ({ action: 'logs:DescribeLogGroups', resource: '*' }),
    answer: ({ logGroupNamePrefix = '' }, state) => ({
      logGroups: ofType(state, 'AWS::Logs::LogGroup')
        .filter(({ physicalId }) => physicalId.startsWith(String(logGroupNamePrefix)))
        .map(({ physicalId, properties }) => ({
          logGroupName: physicalId,
          arn: arnIn(state, 'logs', `log-group:${physicalId}:*`),
          retentionInDays: properties['RetentionInDays'],
        })),
    }),
  },
  FilterLogEvents: {
    right: onGroup('FilterLogEvents'),
    answer: (input, state) => {
      const term = termIn(input['filterPattern']);
      const startTime = Number(input['startTime'] ?? 0);
      const events = mustHave(input, state)
        .filter(({ line, atMs }) => atMs >= startTime && line.includes(term))
        .map(({ line, atMs }, i) => ({
          eventId: String(i),
          message: line,
          timestamp: atMs,
          ingestionTime: atMs,
        }));
      return { events };
    },
  },
  StartQuery: {
    right: onQueried('StartQuery'),
    answer: (input, state) => startQuery(input, state, (logGroupName) => mustHave({ logGroupName }, state)),
  },
  GetQueryResults: {
    right: onQueried('GetQueryResults'),
    answer: queryResults,
  },
  DescribeLogStreams: {
    right: onGroup('DescribeLogStreams'),
    answer: (input, state) => {
      const last = mustHave(input, state).at(-1)?.atMs;
      return { logStreams: last === undefined ? [] : [{ logStreamName: 'local', lastIngestionTime: last }] };
    },
  },
  DescribeMetricFilters: {
    right: onGroup('DescribeMetricFilters'),
    answer: (input, state) => {
      mustHave(input, state);
      const metricFilters = ofType(state, 'AWS::Logs::MetricFilter')
        .filter(({ properties }) => properties['LogGroupName'] === input['logGroupName'])
        .map(({ physicalId, properties: { FilterPattern, MetricTransformations, LogGroupName } }) => ({
          filterName: physicalId,
          filterPattern: FilterPattern,
          metricTransformations: (Array.isArray(MetricTransformations) ? MetricTransformations : []).map(
            ({ MetricName, MetricNamespace, MetricValue }) => ({
              metricName: MetricName,
              metricNamespace: MetricNamespace,
              metricValue: MetricValue,
            }),
          ),
          logGroupName: LogGroupName,
        }));
      return { metricFilters };
    },
  },
  TestMetricFilter: {
    right: () => ({ action: 'logs:TestMetricFilter', resource: '*' }),
    answer: (input) => {
      const { filterPattern, logEventMessages } = v.parse(samplesSchema, input);
      const matches = parseFilterPattern(filterPattern);
      return {
        matches: logEventMessages.flatMap((eventMessage, i) =>
          matches(parsedJson(Buffer.from(eventMessage))?.json)
            ? [{ eventNumber: i + 1, eventMessage, extractedValues: {} }]
            : [],
        ),
      };
    },
  },
};
