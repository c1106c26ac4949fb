/** Who may ask the describing services of the local stack, and how they refuse in each protocol. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, prestart: 0 });
});
afterAll(() => stack.stop());

interface Person {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const config = (credentials: Person) => ({
  region: 'ap-south-1',
  endpoint: stack.awsUrl,
  credentials,
  maxAttempts: 1,
});

/** The name of the error that each protocol gives, or the answer's own. */
async function outcomes(credentials: Person): Promise<readonly string[]> {
  const calls = [
    new CloudFormationClient(config(credentials)).send(new DescribeStacksCommand({ StackName: 'Doorcode' })),
    new IAMClient(config(credentials)).send(new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' })),
    new SNSClient(config(credentials)).send(new GetTopicAttributesCommand({ TopicArn: 't' })),
    new CloudWatchClient(config(credentials)).send(new DescribeAlarmsCommand({ AlarmNames: ['a'] })),
    new LambdaClient(config(credentials)).send(new GetPolicyCommand({ FunctionName: 'f' })),
  ];
  const settled = await Promise.allSettled(calls);
  return settled.map((one) => (one.status === 'fulfilled' ? 'answered' : String(one.reason.name)));
}

describe('the describing services', () => {
  it('refuse whoever has no rights, each with its own name for it', async () => {
    expect(await outcomes(stack.admit([]))).toEqual([
      'AccessDenied',
      'AccessDenied',
      'AuthorizationErrorException',
      'AccessDeniedException',
      'AccessDeniedException',
    ]);
  });

  it('refuse a wrong signature, and a key that nobody has', async () => {
    const person = stack.admit([]);
    const wrong = await outcomes({ ...person, secretAccessKey: 'wrong' });
    expect([...new Set(wrong)]).toEqual(['InvalidSignatureException']);
    const nobody = await outcomes({ accessKeyId: 'LOCALnobody', secretAccessKey: 'x' });
    expect([...new Set(nobody)]).toEqual(['UnrecognizedClientException']);
  });

  it('answer "not there" for what the deployment does not have', async () => {
    const everything = stack.admit([{ Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: {} }]);
    expect(await outcomes(everything)).toEqual([
      'answered',
      'NoSuchEntityException',
      'NotFoundException',
      'answered',
      'ResourceNotFoundException',
    ]);
  });

  it('let everybody ask who they are', async () => {
    const sts = new STSClient(config(stack.admit([])));
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toMatch(
      /^arn:aws:iam::0{12}:user\/person-\d+$/,
    );
  });

  it('refuse a request without a signature', async () => {
    const body = 'Action=DescribeStacks&StackName=Doorcode';
    const response = await fetch(stack.awsUrl, { method: 'POST', body });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
      400,
      'MissingAuthenticationTokenException',
    ]);
  });
});
