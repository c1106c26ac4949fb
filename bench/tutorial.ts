/**
 * The peer that most people start from: one function behind both routes, as in tutorials on OTP with Lambda and DynamoDB.
 * It uses the document client, keeps the key from Secrets Manager forever, and calls the provider with `fetch`. It reads
 * and writes where one conditional write would be enough, and hashes without a key. It is only measured, never deployed.
 */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

interface ApiEvent {
  readonly rawPath: string;
  readonly body: string;
}

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const secrets = new SecretsManagerClient({});
const { TABLE_NAME: TableName, SMS_SECRET_ARN: SecretId, PROVIDER_URL: providerUrl } = process.env;
let key: string | undefined;

/** Answers both routes. */
export async function handler({ rawPath, body }: ApiEvent): Promise<{ statusCode: number; body: string }> {
  const input = JSON.parse(body);
  return rawPath.endsWith('/verify-otp') ? verify(input) : request(input);
}

async function request({ phoneNumber }: { phoneNumber: string }) {
  key ??= (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  const otp = String(randomInt(0, 1_000_000)).padStart(6, '0');
  const requestId = randomUUID();
  const expiresAt = Math.floor(Date.now() / 1000) + 300;
  await table.send(
    new PutCommand({
      TableName,
      Item: { pk: requestId, phoneNumber, hash: hash(otp), attempts: 0, expiresAt },
    }),
  );
  const sent = await fetch(`${providerUrl}/otp/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key ?? '' },
    body: JSON.stringify({
      phoneNumber,
      templateId: '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d',
      variables: { otp, appName: 'Acme', expiry: '5' },
    }),
  });
  if (!sent.ok) return answer(502, { message: 'The SMS was not sent.' });
  await sent.json();
  return answer(200, { requestId });
}

async function verify({ requestId, code }: { requestId: string; code: string }) {
  const { Item } = await table.send(new GetCommand({ TableName, Key: { pk: requestId } }));
  if (Item === undefined || Item['expiresAt'] < Date.now() / 1000 || Item['attempts'] >= 5) {
    return answer(400, { message: 'Ask for a new code.' });
  }
  await table.send(
    new UpdateCommand({
      TableName,
      Key: { pk: requestId },
      UpdateExpression: 'SET attempts = attempts + :one',
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
  return Item['hash'] === hash(code)
    ? answer(200, { verified: true })
    : answer(400, { message: 'Wrong code.' });
}

function hash(otp: string): string {
  return createHash('sha256').update(otp).digest('hex');
}

function answer(statusCode: number, body: unknown) {
  return { statusCode, body: JSON.stringify(body) };
}
