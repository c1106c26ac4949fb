/** A table whose writes fail as a history says: between the store and the server, so that the store is the real one. */

import type { WriteFault, WriteFaults } from '../../test-kit/model.ts';
import type { TestTable } from '../../test-kit/test-table.ts';

export interface FailingTable {
  readonly table: TestTable;
  /** Sets the faults of the next two writes. */
  fail(faults: WriteFaults): void;
}

/** Puts faults in front of `real`. */
export function failingTable(real: TestTable): FailingTable {
  let planned: (WriteFault | undefined)[] = [];
  const send = async (command: never): Promise<unknown> => {
    const fault = planned.shift();
    if (fault === 'never') throw new Error('never done');
    if (fault === undefined) return real.client.send(command);
    await real.client.send(command).catch(() => undefined);
    if (fault === 'lost') throw new Error('done, and never answered');
    return real.client.send(command);
  };
  const client = Object.assign(Object.create(real.client), { send });
  return {
    table: { ...real, client, singleTryClient: () => client },
    fail: ({ first, second }) => {
      planned = [first, second];
    },
  };
}
