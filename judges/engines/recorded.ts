/**
 * What Doorcode sends to its table, and what dynoxide answered: one history for each item, because calls about different
 * items change nothing for each other.
 */
import { errorOf, type TableAnswer, type TableCall } from './table-call.ts';
import { startTableProxy, type TableProxy } from './table-proxy.ts';

interface RecordedCall extends TableCall {
  readonly answer: TableAnswer;
}

/** All calls about one item, in their order. */
export type History = readonly RecordedCall[];

export interface Recorder extends TableProxy {
  /** The number of calls about items that came by. */
  readonly calls: number;
  /** Few histories in which each kind of call stands, with each of its outcomes, up to `samples` times. */
  histories(samples: number): readonly History[];
}

const ofItems = new Set(['UpdateItem', 'GetItem', 'PutItem', 'DeleteItem']);

/** Starts a proxy in front of the engine that records. */
export async function startRecorder(engineUrl: string): Promise<Recorder> {
  const items = new Map<string, RecordedCall[]>();
  let calls = 0;
  const proxy = await startTableProxy(engineUrl, async (call, send) => {
    const answer = await send(call);
    if (!ofItems.has(call.operation)) return answer;
    calls += 1;
    const place = itemOf(call);
    const history = items.get(place) ?? [];
    if (history.length === 0) items.set(place, history);
    history.push({ ...call, answer });
    return answer;
  });
  return {
    ...proxy,
    get calls() {
      return calls;
    },
    histories: (samples) => sampled([...items.values()], samples),
  };
}

/** The kind of a call: all of its input but the values themselves. */
export function kindOf({ operation, input }: TableCall): string {
  const { TableName: _, Key: __, Item: ___, ExpressionAttributeValues: values = {}, ...rest } = input;
  const types = Object.entries(values as object).map(([name, value]) => [name, ...Object.keys(value)]);
  return JSON.stringify([operation, rest, types]);
}

/** Ends each history after the last call that is needed, and leaves out those without one. */
function sampled(all: readonly History[], samples: number): readonly History[] {
  const seen = new Map<string, number>();
  const isNeeded = (call: RecordedCall): boolean => {
    const kind = kindAndOutcome(call);
    const times = seen.get(kind) ?? 0;
    seen.set(kind, times + 1);
    return times < samples;
  };
  return all.flatMap((history) => {
    const lastNeeded = history.map(isNeeded).lastIndexOf(true);
    return lastNeeded < 0 ? [] : [history.slice(0, lastNeeded + 1)];
  });
}

function kindAndOutcome(call: RecordedCall): string {
  return `${kindOf(call)} ${errorOf(call.answer)} ${'Item' in call.answer.output}`;
}

function itemOf({ input }: TableCall): string {
  const key = (input['Key'] ?? input['Item']) as { readonly pk?: unknown } | undefined;
  return JSON.stringify([input['TableName'], key?.pk]);
}
