/**
 * Searches the logs with CloudWatch Logs Insights: starts a query, then asks for its results until they are complete.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type ResultField,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { clientOptions } from '../runtime/aws-client.ts';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import { awsTries } from '../settings/fixed-numbers.ts';
import { type LogLine, readLogLine } from './log-line.ts';
import { maxLogRows, queryOf, type SearchLog } from './search-log.ts';

/** Pause between two looks at a query's results. */
const lookEveryMs = 200;

interface Searching {
  readonly client: CloudWatchLogsClient;
  readonly logGroupNames: readonly string[];
  /** Epoch seconds of the oldest and the newest line. */
  readonly from: number;
  readonly to: number;
  /** Ends every search of the question. */
  readonly signal: AbortSignal;
  /** How long one search may take. */
  readonly patienceMs: number;
}

/** Creates a client with timeouts. It sends nothing yet. */
export function connectLogs(): CloudWatchLogsClient {
  return new CloudWatchLogsClient(clientOptions(awsTries));
}

/** The search of one use. Throws `Unavailable` where the log cannot be read. */
export function openSearch({ client, logGroupNames, from, to, signal, patienceMs }: Searching): SearchLog {
  return async (question) => {
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    try {
      const { queryId } = await client.send(
        new StartQueryCommand({
          logGroupNames: [...logGroupNames],
          startTime: from,
          endTime: to,
          queryString: queryOf(question),
          limit: maxLogRows,
        }),
        { abortSignal },
      );
      for (;;) {
        const { status, results = [] } = await client.send(new GetQueryResultsCommand({ queryId }), {
          abortSignal,
        });
        if (status === 'Complete') return linesOf(results);
        if (status !== 'Scheduled' && status !== 'Running') throw new Unavailable('log', status ?? 'unknown');
        await pause(lookEveryMs, undefined, { signal: abortSignal });
      }
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      throw new Unavailable('log', nameOf(error));
    }
  };
}

function linesOf(rows: readonly (readonly ResultField[])[]): readonly LogLine[] {
  return rows.flatMap((row) => {
    const line = readLogLine(row.find(({ field }) => field === '@message')?.value ?? '');
    return line === undefined ? [] : [line];
  });
}
