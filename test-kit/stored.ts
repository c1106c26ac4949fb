/** Reads the table of a local stack directly, without its grants and injected faults. */
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { PhoneRecord } from '../functions/otp/number-record.ts';
import { readPhoneRecord } from '../functions/table/number-item.ts';
import type { Item } from '../functions/table/table.ts';
import type { LocalStack } from '../local/local-stack.ts';

/** Every item, by its partition key. */
export async function storedItems({ tableUrl, deployment }: LocalStack): Promise<ReadonlyMap<string, Item>> {
  const client = new DynamoDBClient({
    endpoint: tableUrl,
    region: deployment.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const items = new Map<string, Item>();
  const pages = paginateScan({ client }, { TableName: deployment.table.name, ConsistentRead: true });
  for await (const { Items = [] } of pages) for (const item of Items) items.set(item['pk']?.S ?? '', item);
  client.destroy();
  return items;
}

/** The records of all numbers. */
export async function storedRecords(stack: LocalStack): Promise<ReadonlyMap<string, PhoneRecord>> {
  const items = [...(await storedItems(stack))].filter(([key]) => key.startsWith('phone#'));
  return new Map(items.map(([key, item]) => [key, readPhoneRecord(item)] as const));
}

/** How many sends of all days are counted. */
export async function budgetSpent(stack: LocalStack): Promise<number> {
  const items = [...(await storedItems(stack))].filter(([key]) => key.startsWith('budget#'));
  return items.reduce((sum, [, item]) => sum + Number(item['sends']?.N ?? 0), 0);
}
