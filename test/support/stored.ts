/** What the table of a local stack holds, read past all rights and faults. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { readPhoneRecord } from '../../functions/adapters/phone-item.ts';
import type { Item } from '../../functions/adapters/table.ts';
import type { PhoneRecord } from '../../functions/otp/phone-record.ts';
import type { LocalStack } from '../../local/local-stack.ts';

/** Every item, by its partition key. */
export async function storedItems({ tableUrl, deployment }: LocalStack): Promise<ReadonlyMap<string, Item>> {
  const client = new DynamoDBClient({
    endpoint: tableUrl,
    region: deployment.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: deployment.table.name, ConsistentRead: true }),
  );
  client.destroy();
  return new Map(Items.map((item) => [item['pk']?.S ?? '', item] as const));
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
