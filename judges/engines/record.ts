/** Everything that Doorcode sends to its table while its tests run on dynoxide. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { publishKeys, readPublishedKeys } from '../../functions/table/published-keys.ts';
import { startOwnTableServer } from '../../local/table-server.ts';
import { type FlowTests, runFlowTests } from './flow-tests.ts';
import { type History, startRecorder } from './recorded.ts';
import { type Refusals, refuse } from './refuse.ts';
import type { RefusedCall } from './refused-calls.ts';
import { createTable } from './replay.ts';

export interface Recorded {
  readonly flows: FlowTests;
  /** The number of all calls; the histories have some of each kind. */
  readonly calls: number;
  readonly histories: readonly History[];
  /** What dynoxide itself takes of the calls that DynamoDB refuses. */
  readonly refusals: Refusals;
}

/** How often each kind of call stands in the histories, with each of its outcomes. */
const samples = 2;

/** Runs the tests through the recorder. */
export async function record(refusedCalls: readonly RefusedCall[]): Promise<Recorded> {
  const dynoxide = await startOwnTableServer();
  const recorder = await startRecorder(dynoxide.url);
  try {
    const flows = await runFlowTests(recorder.url, 'all');
    await publish(recorder.url);
    const refusals = await refuse(dynoxide.url, refusedCalls);
    return { flows, calls: recorder.calls, histories: recorder.histories(samples), refusals };
  } finally {
    await recorder.stop();
    await dynoxide.stop();
  }
}

/** The one write that no flow makes: that of the rotation function. */
async function publish(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint, region: 'ap-south-1', credentials });
  const table = { client, singleTryClient: () => client, tableName: 'published' };
  await createTable(endpoint, table.tableName);
  await publishKeys(table, '{"keys":[]}');
  await readPublishedKeys(table, new AbortController().signal);
  client.destroy();
}
