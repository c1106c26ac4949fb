/** What the table server and the local Secrets Manager do not say of themselves, because they do not know the template. */
import { AwsError } from '../aws/aws-error.ts';
import type { AccountState } from './account-state.ts';

/**
 * Answers GetResourcePolicy; undefined for another call.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetResourcePolicy.html
 */
export function describeSecret(action: string, input: unknown, { deployment }: AccountState): unknown {
  if (action !== 'GetResourcePolicy') return undefined;
  const { SecretId } = Object(input);
  const secret = deployment.secrets.find(({ arn }) => arn === SecretId);
  if (secret === undefined)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  const policy = deployment.secretPolicies.find(({ secretArn }) => secretArn === SecretId);
  const document = { Version: '2012-10-17', Statement: policy?.statements };
  return {
    ARN: secret.arn,
    Name: secret.logicalId,
    ...(policy !== undefined && { ResourcePolicy: JSON.stringify(document) }),
  };
}

/** Adds the calendar of a rotation to DescribeSecret. */
export function withRotation(action: string, answer: unknown, { deployment }: AccountState): unknown {
  if (action !== 'DescribeSecret') return answer;
  const { ARN, RotationEnabled, LastRotatedDate, CreatedDate } = Object(answer);
  const rules = deployment.rotations.find(({ secretArn }) => secretArn === ARN)?.rules;
  if (RotationEnabled !== true || rules === undefined) return answer;
  const NextRotationDate =
    Number(LastRotatedDate ?? CreatedDate) + Number(rules['AutomaticallyAfterDays']) * 86_400;
  return { ...Object(answer), RotationRules: rules, NextRotationDate };
}

/**
 * Answers DescribeContinuousBackups; undefined for another call. The table server keeps no backups.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
 */
export function describeTable(action: string): unknown {
  if (action !== 'DescribeContinuousBackups') return undefined;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}
