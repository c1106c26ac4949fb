/** A table that records each call: its operation, and the kind of item. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { TestTable } from '../../test-kit/test-table.ts';

export interface RecordedTable {
  readonly table: TestTable;
  /** Gives the calls since it was last called, such as `write phone`. */
  take(): readonly string[];
}

/** Puts a recorder in front of `real`. */
export function recordedTable(real: TestTable): RecordedTable {
  let calls: string[] = [];
  const send = (command: never, options: never): Promise<unknown> => {
    const { input } = command as {
      readonly input: { readonly Key?: { readonly pk?: { readonly S?: string } } };
    };
    const verb = (command as object) instanceof GetItemCommand ? 'read' : 'write';
    calls.push(`${verb} ${input.Key?.pk?.S?.split('#')[0]}`);
    return real.client.send(command, options);
  };
  const client = Object.assign(Object.create(real.client), { send });
  return {
    table: { ...real, client, singleTryClient: () => client },
    take: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
  };
}
