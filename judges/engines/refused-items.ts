/**
 * Adds to a refusal what the refused call asked for: the item that the condition did not hold for. dynalite knows nothing of
 * `ReturnValuesOnConditionCheckFailure` (its issue 182), and Doorcode's flows read that item. The proxy reads it right after
 * the refusal, with no call in between.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
import { errorOf } from './table-call.ts';
import { startTableProxy, type TableProxy } from './table-proxy.ts';

/** Starts the proxy. */
export function addRefusedItems(engineUrl: string): Promise<TableProxy> {
  return startTableProxy(engineUrl, async (call, send) => {
    const answer = await send(call);
    const { TableName, Key, ReturnValuesOnConditionCheckFailure: asked } = call.input;
    if (errorOf(answer) !== 'ConditionalCheckFailedException' || asked !== 'ALL_OLD') return answer;
    const read = { TableName, Key, ConsistentRead: true };
    const { output } = await send({ operation: 'GetItem', input: read });
    return { ...answer, output: { ...answer.output, ...output } };
  });
}
