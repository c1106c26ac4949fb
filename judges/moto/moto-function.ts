/** A function that moto has and never runs: its stand-in for Lambda answers at once, without Docker. */
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** Makes it, and gives its ARN. */
export async function makeFunction(endpoint: string): Promise<string> {
  const withoutDocker = JSON.stringify({ lambda: { use_docker: false } });
  const configured = await fetch(`${endpoint}/moto-api/config`, { method: 'POST', body: withoutDocker });
  if (!configured.ok) throw new Error(`moto takes no configuration: ${configured.status}`);
  const credentials = { accessKeyId: 'judge', secretAccessKey: 'judge' };
  const config = { endpoint, region: 'ap-south-1', credentials, maxAttempts: 1 };
  const [iam, lambda] = [new IAMClient(config), new LambdaClient(config)];
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'rotation', AssumeRolePolicyDocument: '{}' }),
  );
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'rotation',
      Runtime: 'nodejs24.x',
      Role: Role?.Arn,
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('none') },
    }),
  );
  for (const client of [iam, lambda]) client.destroy();
  return FunctionArn;
}
