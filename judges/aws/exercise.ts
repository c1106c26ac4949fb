/** Makes every kind of call that Doorcode makes of AWS, so that the judge sees a request and an answer of each. */
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApiCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { GetPolicyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { LocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';
import { run } from '../install/command.ts';

const root = join(import.meta.dirname, '../..');
const everything = [{ Effect: 'Allow' as const, Action: ['*'], Resource: ['*'], Condition: {} }];

/** Sign-ins with a right and a wrong code, a session, and every command of the operators. */
export async function exercise(stack: LocalStack, directory: string): Promise<void> {
  await signInAndOut(stack);
  await runTheCommands(stack, directory);
  await changeASecret(stack);
  for (const statements of [[], everything]) await askInVain(stack, stack.admit(statements));
}

async function signInAndOut(stack: LocalStack): Promise<void> {
  for (const isRight of [true, false]) {
    const number = freshNumber();
    const asked = await ask(stack, number, { idempotencyKey: `a-key-of-this-${isRight}-ask` });
    const code = codeFor(stack, number);
    await type(stack, asked.json.requestId, isRight ? code : otherThan(code), `a-key-of-this-${isRight}-win`);
  }
  const number = freshNumber();
  const { json } = await ask(stack, number);
  const body = { requestId: json.requestId, code: codeFor(stack, number), session: {} };
  const { json: won } = await call(`${stack.apiUrl}/auth/verify-otp`, { body });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const form = (path: string, fields: Readonly<Record<string, string>>) =>
    call(`${stack.apiUrl}${path}`, { body: new URLSearchParams(fields).toString(), headers });
  const refreshed = await form('/auth/token', {
    grant_type: 'refresh_token',
    refresh_token: won.refreshToken,
  });
  await form('/auth/revoke', { token: refreshed.json.refresh_token });
  await call(`${stack.apiUrl}/.well-known/jwks.json`);
}

async function runTheCommands(stack: LocalStack, directory: string): Promise<void> {
  const number = freshNumber();
  const { json } = await ask(stack, number);
  const command = (script: string, args: readonly string[], input = '') =>
    run(process.execPath, [join(root, 'bin', script), ...args, '--local', '--directory', directory], {
      input,
    });
  await command('keys.ts', ['status']);
  await command('keys.ts', ['store-candidate', '--make']);
  for (const step of ['test', 'promote', 'revoke-check', 'rotate-signing', 'rotate-code-secret'])
    await command('keys.ts', [step, '--yes']);
  await command('controls.ts', ['status']);
  await command('controls.ts', ['deny', '--yes'], `${freshNumber()}\n`);
  await command('support.ts', ['why', String(json.supportReference)]);
  await command('support.ts', ['forget', '--yes'], `${number}\n`);
  await command('sessions.ts', ['end', '--yes'], `${number}\n`);
  await command('doctor.ts', ['--yes']);
}

/** The calls of Secrets Manager that people make by hand, and on a version whose last label is gone. */
async function changeASecret({ awsUrl, deployment: { region, secrets }, admit }: LocalStack): Promise<void> {
  const config = { region, endpoint: awsUrl, credentials: admit(everything), maxAttempts: 1 };
  const client = new SecretsManagerClient(config);
  const SecretId = secrets.find(({ logicalId }) => logicalId === 'ControlsSecret')?.arn;
  for (const SecretString of [1, 2, 3].map((n) => JSON.stringify({ n })))
    await client.send(new UpdateSecretCommand({ SecretId, SecretString }));
  await client.send(new UpdateSecretCommand({ SecretId, Description: 'the controls' }));
  const { Versions = [] } = await client.send(
    new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }),
  );
  for (const { VersionId } of Versions) await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
  client.destroy();
}

/**
 * Asks every service for what is not there. Without rights each denies the call, with all of them none finds anything. STS
 * tells everybody who they are.
 */
async function askInVain(
  { awsUrl, lambdaUrl, deployment: { region, table } }: LocalStack,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<void> {
  const config = { region, endpoint: awsUrl, credentials, maxAttempts: 1 };
  const apiGateway = new ApiGatewayV2Client(config);
  const cloudFormation = new CloudFormationClient(config);
  const cloudWatch = new CloudWatchClient(config);
  const dynamoDb = new DynamoDBClient(config);
  const iam = new IAMClient(config);
  const lambda = new LambdaClient(config);
  const invoking = new LambdaClient({ ...config, endpoint: lambdaUrl });
  const logs = new CloudWatchLogsClient(config);
  const secrets = new SecretsManagerClient(config);
  const sns = new SNSClient(config);
  const sts = new STSClient(config);
  const [SecretId, TopicArn, FunctionName] = [
    `secretsmanager:${region}:000000000000:secret:Nothing-abcdef`,
    `sns:${region}:000000000000:nothing`,
    `lambda:${region}:000000000000:function:Nothing`,
  ].map((name) => `arn:aws:${name}`);
  const asked: readonly (() => Promise<unknown>)[] = [
    () => apiGateway.send(new GetApiCommand({ ApiId: 'nothing' })),
    () => cloudFormation.send(new DescribeStacksCommand({ StackName: 'Nothing' })),
    () => cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['Nothing'] })),
    () => dynamoDb.send(new DescribeTableCommand({ TableName: 'Nothing' })),
    () => dynamoDb.send(new GetItemCommand({ TableName: table.name, Key: { pk: { S: 'nothing#' } } })),
    () => iam.send(new ListRolePoliciesCommand({ RoleName: 'Nothing' })),
    () => lambda.send(new GetPolicyCommand({ FunctionName: 'Nothing' })),
    () => invoking.send(new InvokeCommand({ FunctionName })),
    () => logs.send(new FilterLogEventsCommand({ logGroupName: 'Nothing' })),
    () => secrets.send(new GetSecretValueCommand({ SecretId })),
    () => secrets.send(new DescribeSecretCommand({ SecretId })),
    () => sns.send(new GetTopicAttributesCommand({ TopicArn })),
    () => sts.send(new GetCallerIdentityCommand({})),
  ];
  // What they answer is for the judge to say.
  for (const ask of asked) await ask().catch(() => undefined);
  const clients = [
    apiGateway,
    cloudFormation,
    cloudWatch,
    dynamoDb,
    iam,
    lambda,
    invoking,
    logs,
    secrets,
    sns,
  ];
  for (const client of clients) client.destroy();
}
