/**
 * Doorcode as a construct: puts the parts together. After the deployment only the provider key is missing. An output has
 * the command that stores it.
 *
 * The logical ids of the resources with state are a contract, because a renamed one is replaced. They are `Table`, those
 * of the secrets, and that of the API, whose endpoint is the issuer of every token.
 *
 * The file is long because it is the one place that hands each construct what it needs from the others.
 */
import { AspectPriority, Aspects, CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpApi, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { CandidateWatch } from './candidate-watch.ts';
import { corsFor } from './cors.ts';
import { CustomDomain } from './custom-domain.ts';
import { Dashboard } from './dashboard.ts';
import type { DoorcodeProps } from './doorcode-props.ts';
import { DoorcodeTable } from './doorcode-table.ts';
import { createFunctions } from './functions.ts';
import { putOut } from './outputs.ts';
import { PublicStage } from './public-stage.ts';
import { ReadWatch } from './read-watch.ts';
import { changedSecrets } from './released-secrets.ts';
import { SecretGuards } from './secret-guards.ts';
import { SecretRotation } from './secret-rotation.ts';
import { createSecrets, secretIds } from './secrets.ts';
import type { DeploymentSettings } from './settings/deployment-settings.ts';
import { parseStackSettings } from './settings/stack-settings.ts';

/** Phone sign-in for one app. Throws a `TypeError` that lists every mistake in the settings. */
export class Doorcode extends Construct {
  constructor(scope: Construct, id: string, props: DoorcodeProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { region, account, tags } = stack;
    const { settings, deployment } = parseStackSettings({
      ...props,
      env: { region, account },
      tags: tags.tagValues(),
    });
    const { customDomainName, certificateArn, logRetentionDays: logRetention, removalPolicy } = deployment;

    const table = new DoorcodeTable(this, 'Table', { removalPolicy });
    const secrets = createSecrets(this, deployment.existingSecrets);
    this.keepsItsSecretsAsTheyAre(deployment);
    const api = new HttpApi(this, 'Api', {
      apiName: stack.stackName,
      description: 'Doorcode: phone sign-in.',
      // An IPv6 address belongs to one subscriber, an IPv4 address to thousands. The limits per address handle both.
      ipAddressType: IpAddressType.DUAL_STACK,
      createDefaultStage: false,
      ...(deployment.allowedOrigins.length > 0 && {
        corsPreflight: corsFor(deployment.allowedOrigins, settings),
      }),
    });
    const issuer = customDomainName === undefined ? api.apiEndpoint : `https://${customDomainName}`;
    const functions = createFunctions(this, { settings, deployment, table, secrets, issuer });
    new SecretRotation(this, 'SigningKeyRotation', {
      secret: secrets.signing,
      rotation: functions.rotateSigningKey,
      everyDays: deployment.signingKeyRotationDays,
      // Makes the first key.
      startsAtOnce: true,
      after: [table],
    });
    new SecretRotation(this, 'ProviderKeyRotation', {
      secret: secrets.sms,
      rotation: functions.rotateProviderKey,
      startsAtOnce: false,
    });
    new SecretRotation(this, 'CodeSecretRotation', {
      secret: secrets.code,
      rotation: functions.rotateCodeSecret,
      everyDays: deployment.codeSecretRotationDays,
      startsAtOnce: false,
    });
    const guards = {
      Identity: {
        secret: secrets.identity,
        readers: [functions.requestOtp, functions.verifyOtp],
        writers: 'nobody',
      },
      Code: {
        secret: secrets.code,
        readers: [functions.requestOtp, functions.verifyOtp, functions.rotateCodeSecret],
        writers: [functions.rotateCodeSecret],
      },
      Sms: {
        secret: secrets.sms,
        readers: [functions.requestOtp, functions.rotateProviderKey],
        writers: 'people',
      },
      Signing: {
        secret: secrets.signing,
        readers: [functions.verifyOtp, functions.rotateSigningKey],
        writers: [functions.rotateSigningKey],
      },
    } as const;
    const { cloudTrailLogGroupName, controlsRoleArn, breakGlassRoleArn, deploymentRoleArn } = deployment;
    const controls = {
      secret: secrets.controls,
      readers: [functions.requestOtp],
      roles: controlsRoleArn === undefined ? [] : [controlsRoleArn],
      writers: 'nobody',
    } as const;
    new SecretGuards(this, 'SecretGuards', {
      // Without a role as the exception, this denial would stop `npm run controls`.
      guards: { ...guards, ...(controlsRoleArn !== undefined && { Controls: controls }) },
      breakGlassRoleArn,
      deploymentRoleArn,
    });
    const readWatch =
      cloudTrailLogGroupName === undefined
        ? undefined
        : new ReadWatch(this, 'ReadWatch', {
            cloudTrailLogGroupName,
            secrets: { ...guards, Controls: controls },
          });
    new CandidateWatch(this, 'CandidateWatch', {
      secret: secrets.sms,
      rotation: functions.rotateProviderKey,
    });
    const watchedApi = {
      functions: {
        requestOtp: functions.requestOtp,
        verifyOtp: functions.verifyOtp,
        wellKnown: functions.wellKnown,
      },
      latency: (statistic: string) => api.metricLatency({ statistic, label: statistic }),
      serverErrors: api.metricServerError({ statistic: 'Sum', label: '5xx' }),
    };
    new Alarms(this, 'Alarms', {
      settings,
      api: watchedApi,
      rotations: {
        ProviderKey: functions.rotateProviderKey,
        CodeSecret: functions.rotateCodeSecret,
        SigningKey: functions.rotateSigningKey,
      },
      foreignReads: readWatch?.foreignReads,
      foreignChanges: readWatch?.foreignChanges,
      topicArn: deployment.alarmTopicArn,
    });
    const dashboard = new Dashboard(this, 'Dashboard', { settings, api: watchedApi });
    const { stage } = new PublicStage(this, 'Public', {
      api,
      logRetention,
      removalPolicy,
      routes: [
        {
          method: 'POST',
          paths: ['/auth/request-otp'],
          to: functions.requestOtp,
          ratePerSecond: deployment.requestRatePerSecond,
          openBecause:
            'Signing in is how a caller gets an identity; limits per number, address and day guard it.',
        },
        {
          method: 'POST',
          paths: ['/auth/verify-otp'],
          to: functions.verifyOtp,
          ratePerSecond: deployment.verifyRatePerSecond,
          openBecause:
            'The sealed request id and the code are the credentials; guesses are limited per number.',
        },
        {
          method: 'GET',
          paths: ['/.well-known/jwks.json', '/.well-known/openid-configuration'],
          to: functions.wellKnown,
          ratePerSecond: deployment.wellKnownRatePerSecond,
          openBecause: 'Public keys and their address are published for everybody who checks a token.',
        },
      ],
    });

    putOut(this, {
      apiUrl: api.apiEndpoint,
      issuer,
      sms: secrets.sms,
      existingSecrets: deployment.existingSecrets,
      testNumbersUntil: settings.testNumbersUntil,
      dashboardUrl: dashboard.url,
    });
    if (customDomainName !== undefined && certificateArn !== undefined) {
      const domain = new CustomDomain(this, 'CustomDomain', {
        domainName: customDomainName,
        certificateArn,
        api,
        stage,
      });
      new CfnOutput(this, 'CustomDomainTarget', {
        value: domain.target,
        description: `What the DNS record of ${customDomainName} points to.`,
      });
    }
  }

  /**
   * Makes sure that nothing changes a secret resource: no release, and no tag of the stack, which CloudFormation would
   * attach to each of its secrets. Tags of other resources (`Tags.of(stack)`) stay.
   */
  private keepsItsSecretsAsTheyAre({ existingSecrets, deploymentRoleArn }: DeploymentSettings): void {
    const names = Object.keys(secretIds) as (keyof typeof secretIds)[];
    const existing = names
      .filter((name) => existingSecrets[name] !== undefined)
      .map((name) => secretIds[name]);
    const stack = Stack.of(this);
    this.node.addValidation({ validate: () => [...changedSecrets(this, existing)] });
    if (deploymentRoleArn !== undefined) return;
    const untag = (): void => {
      for (const name of Object.keys(stack.tags.tagValues())) stack.tags.removeTag(name, Number.MAX_VALUE);
    };
    const aspect = { visit: (node: unknown) => (node === stack ? untag() : undefined) };
    Aspects.of(stack).add(aspect, { priority: AspectPriority.READONLY });
  }
}
