import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../functions/table/table.ts';

/**
 * Bytes of an item as DynamoDB counts them: names and strings in UTF-8; a number is a byte for each two
 * significant digits, and one more; a map is 3 bytes, one more for each member, and its members.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes({ N, S, M }: AttributeValue): number {
  if (M !== undefined) return 3 + Object.keys(M).length + itemBytes(M);
  if (N === undefined) return Buffer.byteLength(S ?? '');
  return Math.ceil(N.replace(/0+$/, '').length / 2) + 1;
}
