/**
 * CloudWatch Logs Insights over the lines that functions wrote: StartQuery and GetQueryResults. It knows the part of the query
 * language that is asked for here, and refuses the rest as malformed. A query is running at the first look at its results.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
import * as v from 'valibot';
import { AwsError } from '../aws/aws-error.ts';
import { parsedJson } from '../listeners/read-body.ts';
import type { AccountState, LogLine } from './account-state.ts';

/** One line of a log group. */
export interface Line {
  readonly line: string;
  /** Epoch milliseconds at which it was received. */
  readonly atMs: number;
}

interface Query {
  readonly logGroupNames: readonly string[];
  readonly results: readonly (readonly { readonly field: string; readonly value: string }[])[];
  looks: number;
}

const startSchema = v.object({
  logGroupNames: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(50)),
  startTime: v.pipe(v.number(), v.integer(), v.minValue(0)),
  endTime: v.pipe(v.number(), v.integer(), v.minValue(0)),
  queryString: v.pipe(v.string(), v.maxLength(10_000)),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 1000),
});

/** The queries of each stack, by the log that it writes. */
const queriesOf = new WeakMap<readonly LogLine[], Map<string, Query>>();

function queries({ logLines }: AccountState): Map<string, Query> {
  const known = queriesOf.get(logLines) ?? new Map<string, Query>();
  queriesOf.set(logLines, known);
  return known;
}

/** The groups that a call is about: those that it names, or those of its query. */
export function queriedGroups(
  { logGroupNames, queryId }: Readonly<Record<string, unknown>>,
  state: AccountState,
): readonly string[] {
  const named = Array.isArray(logGroupNames) ? logGroupNames.map(String) : undefined;
  return named ?? queries(state).get(String(queryId))?.logGroupNames ?? [];
}

/** Starts a query over the lines of its groups. */
export function startQuery(
  input: unknown,
  state: AccountState,
  linesIn: (group: string) => readonly Line[],
): { readonly queryId: string } {
  const parsed = v.safeParse(startSchema, input);
  if (!parsed.success || parsed.output.startTime > parsed.output.endTime)
    throw new AwsError('InvalidParameterException', 'Query time range or log groups are not valid.');
  const { logGroupNames, startTime, endTime, queryString, limit } = parsed.output;
  const { path, value, most } = readQuery(queryString);
  const found = logGroupNames
    .flatMap(linesIn)
    .map(({ line, atMs }) => ({ line, json: parsedJson(Buffer.from(line))?.json, atMs }))
    .map(({ line, json, atMs }) => ({ line, json, atMs: timeIn(json) ?? atMs }))
    .filter(
      ({ json, atMs }) => atMs >= startTime * 1000 && atMs <= endTime * 1000 && at(json, path) === value,
    )
    .sort((a, b) => b.atMs - a.atMs)
    .slice(0, Math.min(limit, most));
  const results = found.map(({ line, atMs }, i) => [
    { field: '@timestamp', value: new Date(atMs).toISOString().replace('T', ' ').replace('Z', '') },
    { field: '@message', value: line },
    { field: '@ptr', value: String(i) },
  ]);
  const queryId = crypto.randomUUID();
  queries(state).set(queryId, { logGroupNames, results, looks: 0 });
  return { queryId };
}

/** The results of a query: none while it runs. */
export function queryResults({ queryId }: Readonly<Record<string, unknown>>, state: AccountState): object {
  const query = queries(state).get(String(queryId));
  if (query === undefined) throw new AwsError('ResourceNotFoundException', 'The query does not exist.');
  query.looks += 1;
  return query.looks === 1
    ? { status: 'Running', results: [] }
    : { status: 'Complete', results: query.results };
}

/** `fields … | filter a.b = "c" | sort @timestamp desc | limit n`. */
const language =
  /^fields @timestamp, @message \| filter ([A-Za-z]+(?:\.[A-Za-z]+)*) = "([^"\\]*)" \| sort @timestamp desc \| limit ([0-9]+)$/;

function readQuery(text: string): {
  readonly path: readonly string[];
  readonly value: string;
  readonly most: number;
} {
  const [, path, value, most] = language.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new AwsError('MalformedQueryException', 'The local stack does not know this query.');
  return { path: path.split('.'), value, most: Number(most) };
}

function at(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => Object(value)[name], json);
}

/** Lambda gives a line the time that it has in itself. */
function timeIn(json: unknown): number | undefined {
  const time = Date.parse(String(at(json, ['timestamp'])));
  return Number.isNaN(time) ? undefined : time;
}
