/**
 * The clients of the AWS services that the checks ask. Each try and each call is bounded in time, and throttled calls are
 * retried by the SDK.
 */
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';

export interface Clients {
  readonly apiGateway: ApiGatewayV2Client;
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly secrets: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly sts: STSClient;
}

export interface ClientsConfig {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The address that stands for every service; only the local stack has one. */
  readonly endpoint?: string;
}

/** One try, from connect to the last byte. The slowest is an invocation that asks the provider, which has 4 s to answer. */
const requestTimeoutMs = 12_000;
const connectionTimeoutMs = 3_000;
/** CloudFormation, IAM and CloudWatch Logs throttle at a few calls a second. */
const maxAttempts = 6;

/** Opens them; no call is made yet. */
export function openClients(config: ClientsConfig): Clients {
  const bounded = {
    ...config,
    maxAttempts,
    requestHandler: {
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      connectionTimeout: connectionTimeoutMs,
    },
  };
  return {
    apiGateway: new ApiGatewayV2Client(bounded),
    cloudFormation: new CloudFormationClient(bounded),
    cloudWatch: new CloudWatchClient(bounded),
    dynamoDb: new DynamoDBClient(bounded),
    iam: new IAMClient(bounded),
    lambda: new LambdaClient(bounded),
    logs: new CloudWatchLogsClient(bounded),
    secrets: new SecretsManagerClient(bounded),
    sns: new SNSClient(bounded),
    sts: new STSClient(bounded),
  };
}
