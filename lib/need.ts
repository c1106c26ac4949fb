/**
 * What a function needs: an environment variable together with the rights that make it useful, so that a function never
 * gets one without the other. Actions are spelt out and resources are exact. CDK's `grant…()` would grant more.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { SecretVariable, Variable } from '../functions/settings/environment.ts';
import type { DoorcodeTable } from './doorcode-table.ts';
import type { Secret } from './secrets.ts';

/** One variable, and the rights that go with it. */
export interface Need {
  readonly variable: Variable;
  readonly value: string;
  readonly statements: readonly PolicyStatement[];
}

/** What a function does with the table: `actions` on items whose partition key matches one of `keys`. */
export interface ItemAccess {
  readonly actions: readonly string[];
  /** Partition keys; `*` stands for any characters. */
  readonly keys: readonly string[];
}

/** A plain setting, without any right. */
export function setting(variable: Variable, value: string): Need {
  return { variable, value, statements: [] };
}

/** The table, under `TABLE_NAME`. */
export function items(table: DoorcodeTable, { actions, keys }: ItemAccess): Need {
  const statement = new PolicyStatement({
    actions: [...actions],
    resources: [table.tableArn],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
      // ForAllValues is true of a request without keys, such as a Scan; this is not.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
  return { variable: 'TABLE_NAME', value: table.tableName, statements: [statement] };
}

/** A secret's value, to be read; `variable` names the secret by its ARN. */
export function secretValue(variable: SecretVariable, secret: Secret): Need {
  return secretAccess(variable, secret, ['secretsmanager:GetSecretValue']);
}

/** A secret whose versions the function makes and moves: the rights that AWS documents for a rotation function. */
export function secretRotation(variable: SecretVariable, secret: Secret): Need {
  return secretAccess(variable, secret, [
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
  ]);
}

/**
 * Searches in the logs of other functions. AWS documents both actions with the ARN of a log group, `:*` at its end:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/OpenSearch-Dashboards-CreateRole.html
 */
export function logSearch(logGroups: readonly ILogGroup[]): Need {
  const actions = ['logs:StartQuery', 'logs:GetQueryResults'];
  const statements = logGroups.map(
    ({ logGroupArn }) => new PolicyStatement({ actions, resources: [logGroupArn] }),
  );
  return {
    variable: 'LOG_GROUP_NAMES',
    value: logGroups.map(({ logGroupName }) => logGroupName).join(','),
    statements,
  };
}

function secretAccess(variable: SecretVariable, secret: Secret, actions: string[]): Need {
  const statement = new PolicyStatement({ actions, resources: [secret.ref] });
  return { variable, value: secret.ref, statements: [statement] };
}
