/** The table: as in the template, with TTL cleanup, its protection, and without backups that would outlive what TTL deletes. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type Check, deployAgain } from '../check.ts';
import { type DeployedStack, ofType, type Resource } from '../deployed-stack.ts';
import { differences } from '../differences.ts';
import { each } from '../each.ts';
import { type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const type = 'AWS::DynamoDB::Table';
const right = (stack: DeployedStack, action: string, { physicalId }: Resource): Right => ({
  action: `dynamodb:${action}`,
  resource: stack.arn('dynamodb', `table/${physicalId}`),
});

export const tableCheck: Check = {
  name: 'table',
  rights: (stack) =>
    ofType(stack, type).flatMap((table) =>
      ['DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups'].map((action) =>
        right(stack, action, table),
      ),
    ),
  look: async ({ stack, clients: { dynamoDb }, read }) => {
    const tables = ofType(stack, type);
    const problems = await each(tables, async (table) => {
      const TableName = table.physicalId;
      const { properties } = table;
      const found = await read(right(stack, 'DescribeTable', table), (options) =>
        dynamoDb.send(new DescribeTableCommand({ TableName }), options),
      );
      if (found?.Table === undefined)
        return [wrong(`The table ${TableName} does not exist.`, 'Deploy again.')];
      const ttl = await read(right(stack, 'DescribeTimeToLive', table), (options) =>
        dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }), options),
      );
      const backups = await read(right(stack, 'DescribeContinuousBackups', table), (options) =>
        dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName }), options),
      );
      const { TableStatus, KeySchema, BillingModeSummary, DeletionProtectionEnabled = false } = found.Table;
      const mode = BillingModeSummary?.BillingMode ?? 'PROVISIONED';
      return [
        ...(TableStatus === 'ACTIVE'
          ? []
          : [wrong(`The table is ${TableStatus}.`, 'Wait until it is ACTIVE, then run this again.')]),
        ...(differences(properties['KeySchema'], KeySchema).length === 0
          ? []
          : [wrong('The table has another key than its template.', deployAgain)]),
        ...(differences(properties['BillingMode'] ?? 'PROVISIONED', mode).length === 0
          ? []
          : [
              wrong(
                `The table's billing mode is ${mode}, so it throttles at a fixed rate.`,
                `aws dynamodb update-table --table-name ${TableName} --billing-mode ${String(properties['BillingMode'])}`,
              ),
            ]),
        ...(Boolean(properties['DeletionProtectionEnabled']) === DeletionProtectionEnabled
          ? []
          : [
              wrong(
                `Deletion protection is ${DeletionProtectionEnabled ? 'on' : 'off'}, unlike in the template.`,
                `aws dynamodb update-table --table-name ${TableName} --${DeletionProtectionEnabled ? 'no-' : ''}deletion-protection-enabled`,
              ),
            ]),
        ...ttlProblems(properties['TimeToLiveSpecification'], ttl?.TimeToLiveDescription, TableName ?? ''),
        ...backupProblems(
          properties['PointInTimeRecoverySpecification'],
          backups?.ContinuousBackupsDescription,
        ),
      ];
    });
    return unless(problems, 'ACTIVE, with TTL cleanup and deletion protection as in the template');
  },
};

function ttlProblems(specified: unknown, found: unknown, tableName: string): readonly Problem[] {
  const { AttributeName, Enabled } = Object(specified);
  const { TimeToLiveStatus = 'DISABLED', AttributeName: actual } = Object(found);
  if (Enabled !== true || (TimeToLiveStatus === 'ENABLED' && actual === AttributeName)) return [];
  if (TimeToLiveStatus === 'ENABLING' && actual === AttributeName) return [];
  return [
    wrong(
      `TTL is ${TimeToLiveStatus}${actual === undefined ? '' : ` on ${actual}`}, so the table keeps what it should delete.`,
      `aws dynamodb update-time-to-live --table-name ${tableName} --time-to-live-specification Enabled=true,AttributeName=${AttributeName}`,
    ),
  ];
}

function backupProblems(specified: unknown, found: unknown): readonly Problem[] {
  const wanted = Object(specified).PointInTimeRecoveryEnabled === true;
  const { PointInTimeRecoveryStatus = 'DISABLED' } = Object(Object(found).PointInTimeRecoveryDescription);
  if (wanted === (PointInTimeRecoveryStatus === 'ENABLED')) return [];
  return [
    wrong(
      `Point-in-time recovery is ${PointInTimeRecoveryStatus}, unlike in the template.`,
      'Change it back. A restore brings back used codes, and AWS keeps for 35 days what TTL promises to delete.',
    ),
  ];
}
