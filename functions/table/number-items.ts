/**
 * All items of a number: those of each lane, and its sessions. Only the function `support` reads or deletes them as a whole.
 * A counter of a client address or of a block is no item of one number.
 */
import { type NumberItem, numberItemPrefixes } from '../limits/lane.ts';
import { deleteItem, type Item, readItem, type Table } from './table.ts';

/** The items that are there. */
export type NumberItems = Readonly<Partial<Record<NumberItem, Item>>>;

interface OfNumber {
  readonly phoneKey: string;
  /** Which items, in the order of deletion. */
  readonly names: readonly NumberItem[];
}

/** Reads the items of a number. Throws `Unavailable` where the table does not answer. */
export async function readNumberItems(
  table: Table,
  { phoneKey, names }: OfNumber,
  signal: AbortSignal,
): Promise<NumberItems> {
  const read = names.map(
    async (name) => [name, await readItem(table, `${numberItemPrefixes[name]}#${phoneKey}`, signal)] as const,
  );
  return Object.fromEntries((await Promise.all(read)).filter(([, item]) => item !== undefined));
}

/** Deletes the items of a number and gives what was there. Again, it finds nothing. */
export async function deleteNumberItems(
  table: Table,
  { phoneKey, names }: OfNumber,
  signal: AbortSignal,
): Promise<NumberItems> {
  const deleted: Partial<Record<NumberItem, Item>> = {};
  for (const name of names) {
    const item = await deleteItem(table, `${numberItemPrefixes[name]}#${phoneKey}`, signal);
    if (item !== undefined) deleted[name] = item;
  }
  return deleted;
}
