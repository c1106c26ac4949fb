import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetStaging, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { CfnTable, type CfnTableProps } from 'aws-cdk-lib/aws-dynamodb';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { bundleFile, entryFile } from '../../lib/bundle.ts';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { checkedApp, synthesise } from '../../lib/synthesise.ts';

const directory = mkdtempSync(join(tmpdir(), 'doorcode-synth-'));
const stacks = { Doorcode: { appName: 'Doorcode', audience: 'doorcode-app' } };

const table: CfnTableProps = {
  keySchema: [{ attributeName: 'pk', keyType: 'HASH' }],
  attributeDefinitions: [{ attributeName: 'pk', attributeType: 'S' }],
  billingMode: 'PAY_PER_REQUEST',
};

function synthesiseTable(props: CfnTableProps, acknowledgement?: { id: string; reason: string }): void {
  const app = checkedApp(join(directory, 'violation'));
  const resource = new CfnTable(new Stack(app, 'Violation'), 'Table', props);
  if (acknowledgement) Validations.of(resource).acknowledge(acknowledgement);
  app.synth();
}

afterAll(() => rmSync(directory, { recursive: true }));

describe('every synthesis', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('fails at a finding of cdk-nag that nobody acknowledged, be it a warning', () => {
    expect(() => synthesiseTable(table)).toThrow('AwsSolutions-DDB3');
  });

  it('passes the same table when its finding is acknowledged with a reason', () => {
    const id = 'AwsSolutions::AwsSolutions-DDB3';
    expect(() => synthesiseTable(table, { id, reason: 'nothing here needs a past' })).not.toThrow();
  });

  it('fails at a template that CloudFormation would refuse', () => {
    const recovered = { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } };
    expect(() => synthesiseTable({ ...table, ...recovered, billingMode: 'FREE' })).toThrow('BillingMode');
  });

  it('cannot be talked out of it from the command line or the environment', () => {
    vi.stubEnv('CDK_CONTEXT_JSON', '{"@aws-cdk/core:failSynthOnValidationErrors":false}');
    expect(() => synthesiseTable(table)).toThrow('AwsSolutions-DDB3');
    vi.stubEnv('CDK_VALIDATION', 'false');
    expect(() => synthesiseTable(table)).toThrow('CDK_VALIDATION');
  });

  it('passes a stack with every option of the deployment switched on', () => {
    const app = checkedApp(join(directory, 'options'));
    new DoorcodeStack(app, 'Doorcode', {
      ...stacks.Doorcode,
      customDomainName: 'auth.example.com',
      certificateArn: 'arn:aws:acm:ap-south-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',
      cloudTrailLogGroupName: 'trail/all',
      alarmTopicArn: 'arn:aws:sns:ap-south-1:123456789012:on-call',
      reservedConcurrency: 5,
      removalPolicy: RemovalPolicy.DESTROY,
      signingKeyRotationDays: 1,
      allowedOrigins: ['https://app.example.com'],
      breakGlassRoleArn: 'arn:aws:iam::123456789012:role/break-glass',
      controlsRoleArn: 'arn:aws:iam::123456789012:role/controls',
      deploymentRoleArn: 'arn:aws:iam::123456789012:role/cdk-hnb659fds-cfn-exec-role-123456789012-ap-south-1',
      tags: { team: 'identity' },
    });
    expect(() => app.synth()).not.toThrow();
  });

  it('finds nothing in a stack without sessions', () => {
    const app = checkedApp(join(directory, 'off'));
    new DoorcodeStack(app, 'Doorcode', { ...stacks.Doorcode, sessions: 'off' });
    expect(() => app.synth()).not.toThrow();
  });

  it('finds nothing in a stack that comes back with the secrets of one before', () => {
    const arn = (name: string) =>
      `arn:aws:secretsmanager:ap-south-1:123456789012:secret:${name}-a1b2c3-AbCdEf`;
    const app = checkedApp(join(directory, 'returned'));
    new DoorcodeStack(app, 'Doorcode', {
      ...stacks.Doorcode,
      cloudTrailLogGroupName: 'trail/all',
      existingSecrets: {
        identity: arn('IdentitySecret'),
        code: arn('CodeSecret'),
        sms: arn('SmsSecret'),
        signing: arn('SigningSecret'),
        controls: arn('ControlsSecret'),
        session: arn('SessionSecret'),
      },
    });
    expect(() => app.synth()).not.toThrow();
  });

  it('throws at settings that are not valid', () => {
    const invalid = { Doorcode: { appName: '', audience: '' } };
    expect(() => synthesise({ outdir: join(directory, 'invalid'), stacks: invalid })).toThrow(
      /appName.*\n.*audience/,
    );
  });
});

describe('the cloud assembly', () => {
  const synthesised = (name: string): string => {
    // Otherwise the second synthesis would be given the first one's bundles.
    AssetStaging.clearAssetHashCache();
    return synthesise({ outdir: join(directory, name), stacks }).directory;
  };
  const first = synthesised('first');
  const bundles = readdirSync(first).filter((name) => name.startsWith('asset.'));

  it('has for each function a CommonJS bundle and the ES module that awaits it, and nothing that Lambda finds first', async () => {
    expect(bundles).toHaveLength(9);
    for (const bundle of bundles) {
      expect(readdirSync(join(first, bundle)).toSorted()).toEqual([bundleFile, entryFile].toSorted());
      const { handler } = await import(join(first, bundle, entryFile));
      expect(handler).toBeTypeOf('function');
    }
  });

  it('shows nothing of the machine that made it', () => {
    const root = join(import.meta.dirname, '../..');
    for (const bundle of bundles) {
      for (const file of [bundleFile, entryFile])
        expect(readFileSync(join(first, bundle, file), 'utf8')).not.toContain(root);
    }
  });

  it('is the same when made again: no function is deployed without a change', () => {
    const second = synthesised('second');
    const template = (from: string) => readFileSync(join(from, 'Doorcode.template.json'), 'utf8');
    expect(template(second)).toBe(template(first));
  });
});
