/** A stack that a Doorcode shares with other resources, as the doctor reads it. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, it } from 'vitest';
import { ofType } from '../../doctor/deployed-stack.ts';
import { readStack } from '../../doctor/read-stack.ts';
import type { Read } from '../../doctor/reading.ts';
import { Doorcode } from '../../lib/doorcode.ts';
import { doorcodeTemplate } from '../lib/doorcode-template.ts';

const stackId = 'arn:aws:cloudformation:ap-south-1:123456789012:stack/Backend/1';

/** Answers as CloudFormation does of a stack that is deployed and complete. */
function deployed(template: { readonly Resources: object; readonly Outputs: object }): Read {
  const answers: Readonly<Record<string, unknown>> = {
    'cloudformation:DescribeStacks': {
      Stacks: [
        { StackName: 'Backend', StackId: stackId, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date() },
      ],
    },
    'cloudformation:GetTemplate': { TemplateBody: JSON.stringify(template) },
    'cloudformation:ListStackResources': Object.keys(template.Resources).map((id) => ({
      LogicalResourceId: id,
      PhysicalResourceId: `physical-${id}`,
      ResourceStatus: 'CREATE_COMPLETE',
    })),
  };
  // biome-ignore lint/suspicious/noExplicitAny: each right has the answer of its call.
  return async ({ action }): Promise<any> => answers[action];
}

it('is read without the other resources, under the names of a stack of its own', async () => {
  const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
  const backend = new Stack(app, 'Backend', { env: { account: '123456789012', region: 'ap-south-1' } });
  const topic = new Topic(backend, 'OnCall');
  new HttpApi(backend, 'Api');
  new CfnTable(backend, 'Table', { keySchema: [] });
  const settings = { appName: 'Doorcode', audience: 'doorcode-app', alarmTopicArn: topic.topicArn };
  new Doorcode(backend, 'SignIn', settings);
  const template = app.synth().getStackByName('Backend').template;

  const stack = await readStack(
    'Backend',
    { cloudFormation: new CloudFormationClient({}) },
    deployed(template),
  );
  expect(stack.resources.map(({ logicalId }) => logicalId).toSorted()).toEqual(
    Object.keys(doorcodeTemplate().toJSON()['Resources']).toSorted(),
  );
  expect(ofType(stack, 'AWS::DynamoDB::Table').map(({ physicalId }) => physicalId)).toEqual([
    'physical-DoorcodeTable',
  ]);
  expect(stack.apiEndpoint).toMatch(/^https:\/\/physical-DoorcodeApi[0-9A-F]{8}\.execute-api\./);
  // What ours refer to has its name all the same.
  for (const { properties } of ofType(stack, 'AWS::CloudWatch::Alarm'))
    expect(properties['AlarmActions']).toEqual([expect.stringMatching(/^physical-OnCall/)]);
});
