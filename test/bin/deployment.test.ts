/** A stack in AWS as the commands find it: CloudFormation's own protocol, from an endpoint of the test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectAws } from '../../bin/command/deployment.ts';
import { stackRegion } from '../../bin/command/stack-region.ts';

const secretArn = (name: string) => `arn:aws:secretsmanager:ap-south-1:123456789012:secret:${name}-AbCdEf`;
const member = (id: string, physicalId: string, status = 'CREATE_COMPLETE') =>
  `<member><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${physicalId}</PhysicalResourceId>` +
  `<ResourceType>T</ResourceType><LastUpdatedTimestamp>2026-11-01T00:00:00Z</LastUpdatedTimestamp><ResourceStatus>${status}</ResourceStatus></member>`;

/** More than a page, and more than the hundred that DescribeStackResources would give. */
const pages: readonly string[] = [
  Array.from({ length: 100 }, (_, i) => member(`Other${i}`, `other-${i}`)).join(''),
  member('ControlsSecret', secretArn('OldControls'), 'DELETE_SKIPPED') +
    member('SmsSecret', secretArn('Sms')),
  member('ControlsSecret', secretArn('Controls')) +
    member('RotateProviderKeyFunctionA1B2', 'rotate-provider-key'),
];
const ofDoorcode = { ApiUrl: 'https://api.example.com' };
/** A stack of the adopter, with a Doorcode and with resources of the same names. */
const ofBackend = {
  outputs: {
    ApiUrl: 'https://backend.example.com',
    DoorcodeApiUrl: 'https://api.example.com',
    DoorcodeTestNumbersUntil: '2099-12-31',
    DoorcodeIdentitySecret: secretArn('Identity'),
  },
  resources: [
    member('SmsSecret', secretArn('AnotherSms')),
    member('DoorcodeSmsSecret', secretArn('Sms')),
    member('CodeSecret', secretArn('AnotherCode')),
    member('RotateProviderKeyFunctionA1B2', 'another-function'),
    member('DoorcodeRotateProviderKeyFunctionA1B2', 'rotate-provider-key'),
  ].join(''),
};
let times = '<CreationTime>2026-10-01T00:00:00Z</CreationTime>';
let asked: URLSearchParams[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    asked.push(form);
    const [status, body] = answer(form);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

function answer(form: URLSearchParams): readonly [number, string] {
  if (form.get('StackName') === 'Elsewhere') {
    const message = 'Stack with id Elsewhere does not exist';
    return [
      400,
      `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    ];
  }
  const action = form.get('Action') ?? '';
  return [
    200,
    `<${action}Response><${action}Result>${resultOf(action, form)}</${action}Result></${action}Response>`,
  ];
}

function resultOf(action: string, form: URLSearchParams): string {
  if (action === 'DescribeStacks') {
    const outputs = Object.entries(form.get('StackName') === 'Backend' ? ofBackend.outputs : ofDoorcode)
      .map(
        ([id, value]) => `<member><OutputKey>${id}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      )
      .join('');
    return `<Stacks><member><StackName>Doorcode</StackName>${times}<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs></member></Stacks>`;
  }
  if (form.get('StackName') === 'Backend')
    return `<StackResourceSummaries>${ofBackend.resources}</StackResourceSummaries>`;
  const page = Number(form.get('NextToken') ?? 0);
  const next = page + 1 < pages.length ? `<NextToken>${page + 1}</NextToken>` : '';
  return `<StackResourceSummaries>${pages[page]}</StackResourceSummaries>${next}`;
}

describe('a stack in AWS', () => {
  it('is read to its last page, without what it has left behind', async () => {
    const deployment = await connectAws('Doorcode', 'ap-south-1');
    expect(deployment.arnOf('SmsSecret')).toBe(secretArn('Sms'));
    expect(deployment.arnOf('ControlsSecret')).toBe(secretArn('Controls'));
    expect(deployment.functionOf('RotateProviderKey')).toBe('rotate-provider-key');
    expect(() => deployment.arnOf('CodeSecret')).toThrow('The stack has no CodeSecret');
    expect([deployment.has('SmsSecret'), deployment.has('SessionSecret')]).toEqual([true, false]);
    const actions = asked.map((form) => `${form.get('Action')} ${form.get('NextToken') ?? ''}`.trim());
    expect(actions).toEqual([
      'DescribeStacks',
      'ListStackResources',
      'ListStackResources 1',
      'ListStackResources 2',
    ]);
  });

  it('may have other resources of the same names beside it', async () => {
    const deployment = await connectAws('Backend', 'ap-south-1');
    expect(deployment.apiUrl).toBe('https://api.example.com');
    expect(deployment.testNumbersUntil).toBe('2099-12-31');
    expect(deployment.arnOf('SmsSecret')).toBe(secretArn('Sms'));
    expect(deployment.arnOf('IdentitySecret')).toBe(secretArn('Identity'));
    expect(deployment.functionOf('RotateProviderKey')).toBe('rotate-provider-key');
    expect(() => deployment.arnOf('CodeSecret')).toThrow('The stack has no CodeSecret');
  });

  it('was deployed when it was updated last, or created', async () => {
    const created = Date.parse('2026-10-01T00:00:00Z') / 1000;
    expect((await connectAws('Doorcode', 'ap-south-1')).deployedAt).toBe(created);
    times += '<LastUpdatedTime>2026-10-02T00:00:00Z</LastUpdatedTime>';
    expect((await connectAws('Doorcode', 'ap-south-1')).deployedAt).toBe(created + 86_400);
  });

  it('that is not there is told with the region where it was looked for', async () => {
    await expect(connectAws('Elsewhere', 'eu-west-1')).rejects.toThrow(
      'There is no stack Elsewhere in eu-west-1. Choose another with --stack or --region.',
    );
  });
});

describe('the region of a stack', () => {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-assembly-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const stack = (environment: string, properties = {}) => ({
    type: 'aws:cloudformation:stack',
    environment,
    properties,
  });
  const write = (manifest: string) => writeFileSync(join(directory, 'manifest.json'), manifest);

  it('is the one that it was synthesised for here', () => {
    const artifacts = {
      Doorcode: stack('aws://unknown-account/ap-south-1'),
      Staging: stack('aws://123456789012/eu-west-1', { stackName: 'Login' }),
      'Doorcode.assets': { type: 'cdk:asset-manifest', properties: { file: 'x' } },
      Anywhere: stack('aws://unknown-account/unknown-region'),
    };
    write(JSON.stringify({ version: '48.0.0', artifacts }));
    const names = ['Doorcode', 'Login', 'Staging', 'Anywhere', 'Other'];
    expect(names.map((name) => stackRegion(directory, name))).toEqual([
      'ap-south-1',
      'eu-west-1',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is the shell’s where nothing was synthesised, or something else lies there', () => {
    for (const manifest of ['', '{', '[]', '{"artifacts":{"Doorcode":7}}']) {
      write(manifest);
      expect(stackRegion(directory, 'Doorcode')).toBeUndefined();
    }
    expect(stackRegion(join(directory, 'nowhere'), 'Doorcode')).toBeUndefined();
  });
});
