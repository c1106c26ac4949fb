import type { Item } from '../functions/table/table.ts';

/**
 * Bytes of an item as DynamoDB counts them: names and strings in UTF-8; a number is a byte for each two
 * significant digits, and one more.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    const number = value.N?.replace(/0+$/, '') ?? '';
    const bytes = value.N === undefined ? Buffer.byteLength(value.S ?? '') : Math.ceil(number.length / 2) + 1;
    return sum + Buffer.byteLength(name) + bytes;
  }, 0);
}
