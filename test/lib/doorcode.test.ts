import { App, CfnOutput, NestedStack, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { Doorcode } from '../../lib/doorcode.ts';
import type { DoorcodeProps } from '../../lib/doorcode-props.ts';
import { account, doorcodeTemplate, logicalIds } from './doorcode-template.ts';

const settings = { appName: 'Doorcode', audience: 'doorcode-app' };
/** Everything that adds resources or outputs. */
const everything = {
  customDomainName: 'auth.example.com',
  certificateArn: `arn:aws:acm:ap-south-1:${account}:certificate/00000000-0000-4000-8000-000000000000`,
  cloudTrailLogGroupName: 'trail',
  alarmTopicArn: `arn:aws:sns:ap-south-1:${account}:on-call`,
  testNumbersUntil: '2099-12-31',
  existingSecrets: {
    code: `arn:aws:secretsmanager:ap-south-1:${account}:secret:CodeSecret-a1b2c3d4-AbCdEf`,
  },
} satisfies Partial<DoorcodeProps>;

function newStack(scope: Construct = newApp(), tags: Readonly<Record<string, string>> = {}): Stack {
  return new Stack(scope, 'Doorcode', { env: { account, region: 'ap-south-1' }, tags });
}

function newApp(): App {
  return new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
}

/** The template with every logical id of ours as in a stack that Doorcode has to itself. */
function withoutPrefix(stack: Stack): unknown {
  const { Resources, Outputs, ...rest } = Template.fromStack(stack).toJSON();
  const ids = Object.keys({ ...Resources, ...Outputs });
  const text = JSON.stringify({ Resources, Outputs, ...rest });
  return JSON.parse(
    ids.reduce((written, id) => written.replaceAll(`"${id}"`, `"${id.replace(/^Doorcode/, '')}"`), text),
  );
}

describe('a Doorcode in a stack of the adopter', () => {
  it.each([
    ['the defaults', {}],
    ['everything that adds a resource', everything],
  ])('is what a DoorcodeStack is, but for the prefix of its names: %s', (_, more) => {
    const stack = newStack();
    new Doorcode(stack, 'Auth', { ...settings, ...more });
    for (const id of Object.keys(Template.fromStack(stack).toJSON()['Resources']))
      expect(id).toMatch(/^Doorcode/);
    expect(withoutPrefix(stack)).toEqual(doorcodeTemplate(more).toJSON());
  });

  it('keeps every logical id when it is moved and renamed', () => {
    const one = newStack();
    new Doorcode(one, 'Auth', settings);
    const other = newStack();
    new Doorcode(new Construct(new Construct(other, 'Backend'), 'Users'), 'Sign-in', settings);
    expect(Template.fromStack(other).toJSON()).toEqual(Template.fromStack(one).toJSON());
  });

  it('with the id Default, directly in the stack, is a DoorcodeStack to the byte', () => {
    const stack = newStack();
    new Doorcode(stack, 'Default', settings);
    expect(Template.fromStack(stack).toJSON()).toEqual(doorcodeTemplate().toJSON());
  });

  it('stands beside resources and outputs of the same names', () => {
    const stack = newStack();
    new Doorcode(stack, 'Auth', settings);
    new HttpApi(stack, 'Api');
    new CfnOutput(stack, 'ApiUrl', { value: 'https://api.example.com' });
    new CfnTable(stack, 'Table', { keySchema: [] });
    new CfnSecret(stack, 'SmsSecret', {});
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 2);
    template.resourceCountIs('AWS::DynamoDB::Table', 2);
    template.hasOutput('ApiUrl', { Value: 'https://api.example.com' });
  });

  it('gives its outputs as properties, for the other constructs of the app', () => {
    const stack = newStack();
    const doorcode = new Doorcode(stack, 'Auth', { ...settings, ...everything });
    const outputs = Template.fromStack(stack).toJSON()['Outputs'];
    const put = Object.fromEntries(
      Object.entries<{ Value: unknown }>(outputs).map(([id, { Value }]) => [
        id.replace(/^Doorcode(.)/, (_, first: string) => first.toLowerCase()),
        Value,
      ]),
    );
    const { apiUrl, issuer, dashboardUrl, storeSmsKey, storeCandidate, promoteCandidate } = doorcode;
    const { testNumbersUntil, customDomainTarget } = doorcode;
    expect({
      ...stack.resolve({ apiUrl, issuer, dashboardUrl, storeSmsKey, storeCandidate, promoteCandidate }),
      ...stack.resolve({ testNumbersUntil, customDomainTarget }),
      codeSecret: everything.existingSecrets.code,
    }).toEqual(put);
    expect(doorcode.audience).toBe(settings.audience);
  });

  it('takes a topic, a certificate and roles of the same app', () => {
    const stack = newStack();
    const topic = new Topic(stack, 'OnCall');
    const certificate = new Certificate(stack, 'Certificate', { domainName: 'auth.example.com' });
    const role = new Role(stack, 'BreakGlass', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    new Doorcode(stack, 'Auth', {
      ...settings,
      alarmTopicArn: topic.topicArn,
      customDomainName: 'auth.example.com',
      certificateArn: certificate.certificateArn,
      breakGlassRoleArn: role.roleArn,
    });
    const template = Template.fromStack(stack);
    const [topicId] = logicalIds(template, 'AWS::SNS::Topic');
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.length).toBeGreaterThan(10);
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([{ Ref: topicId }]);
    const [roleId = ''] = logicalIds(template, 'AWS::IAM::Role').filter((id) => id.startsWith('BreakGlass'));
    const policies = JSON.stringify(template.findResources('AWS::SecretsManager::ResourcePolicy'));
    expect(policies).toContain(JSON.stringify({ 'Fn::GetAtt': [roleId, 'Arn'] }));
  });

  it('checks its settings against the region and the account of its stack, also those of a stage', () => {
    const stage = new Stage(newApp(), 'Prod', { env: { account, region: 'ap-south-1' } });
    const elsewhere = { alarmTopicArn: `arn:aws:sns:eu-west-1:${account}:on-call` };
    expect(() => new Doorcode(new Stack(stage, 'Doorcode'), 'Auth', { ...settings, ...elsewhere })).toThrow(
      'expected an SNS topic in ap-south-1',
    );
    expect(
      () =>
        new Doorcode(newStack(), 'Auth', {
          ...settings,
          breakGlassRoleArn: 'arn:aws:iam::210987654321:role/break-glass',
        }),
    ).toThrow(`expected a role of the account ${account}`);
  });
});

describe('what would reach its secrets', () => {
  it('tags of the stack are refused, and those of Tags.of() pass them by', () => {
    expect(() => new Doorcode(newStack(newApp(), { team: 'identity' }), 'Auth', settings)).toThrow(
      'tags: expected none, or deploymentRoleArn',
    );
    const app = newApp();
    const stack = newStack(app);
    new Doorcode(stack, 'Auth', settings);
    Tags.of(app).add('team', 'identity');
    expect(app.synth().getStackByName('Doorcode').tags).toEqual({});
    const template = Template.fromStack(stack);
    expect(JSON.stringify(template.findResources('AWS::SecretsManager::Secret'))).not.toContain('identity"');
    expect(JSON.stringify(template.findResources('AWS::DynamoDB::Table'))).toContain('"identity"');
  });

  it('a synth fails when a secret differs from the last release, under whatever prefix', () => {
    const app = newApp();
    const doorcode = new Doorcode(newStack(app), 'Auth', settings);
    const secret = doorcode.node.findChild('SigningSecret');
    if (secret instanceof CfnSecret) secret.description = 'another';
    expect(() => app.synth()).toThrow('SigningSecret differs from the last release');
  });
});

describe('where it cannot be', () => {
  it('is beside another one', () => {
    const stack = newStack();
    new Doorcode(new Construct(stack, 'First'), 'Auth', settings);
    expect(() => new Doorcode(stack, 'Second', settings)).toThrow(
      'Doorcode/Second: a stack has one Doorcode at most, and Doorcode/First/Auth is one already.',
    );
  });

  it('is not where another stack of the app has one', () => {
    const app = newApp();
    const first = newStack(app);
    new Doorcode(first, 'Auth', settings);
    const second = new Stack(first, 'Second');
    expect(() => new Doorcode(second, 'Auth', settings)).not.toThrow();
  });

  it('is in a nested stack', () => {
    const nested = new NestedStack(newStack(), 'Nested');
    expect(() => new Doorcode(nested, 'Auth', settings)).toThrow(
      'Doorcode/Nested/Auth: a Doorcode cannot be in a nested stack.',
    );
  });

  it('does not take the props of a stack, which would do nothing', () => {
    const props = { ...settings, terminationProtection: true, stackName: 'Login' };
    expect(() => new Doorcode(newStack(), 'Auth', props)).toThrow(
      /terminationProtection: expected in the props of the stack.*\n.*stackName: expected/,
    );
  });
});
