/**
 * Doorcode as a construct: puts the parts together. After the deployment only the provider key is missing. An output has
 * the command that stores it.
 *
 * The logical ids of the resources with state are a contract, because a renamed one is replaced. They are `Table`, those
 * of the secrets, and that of the API, whose endpoint is the issuer of every token. In a stack with other resources each
 * has a prefix; it never depends on where the construct stands (`logical-ids.ts`).
 *
 * The file is long because it is the one place that hands each construct what it needs from the others.
 */
import { AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import { HttpApi, IpAddressType } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { candidateLabel } from '../functions/rotation/provider-key-rotation.ts';
import type { Settings } from '../functions/settings/settings.ts';
import { Alarms } from './alarms.ts';
import { CandidateWatch } from './candidate-watch.ts';
import { corsFor } from './cors.ts';
import { CustomDomain } from './custom-domain.ts';
import { Dashboard } from './dashboard.ts';
import type { DoorcodeProps } from './doorcode-props.ts';
import { DoorcodeTable } from './doorcode-table.ts';
import { createFunctions } from './functions.ts';
import { setLogicalIds } from './logical-ids.ts';
import { type Outputs, putOut } from './outputs.ts';
import { PublicStage } from './public-stage.ts';
import { ReadWatch } from './read-watch.ts';
import { changedSecrets } from './released-secrets.ts';
import { SecretGuards } from './secret-guards.ts';
import { SecretRotation } from './secret-rotation.ts';
import { createSecrets, secretIds } from './secrets.ts';
import type { DeploymentSettings } from './settings/deployment-settings.ts';
import { parseSettingsIn, refuseStackProps } from './settings/stack-settings.ts';
import { sharedPrefix } from './shared-prefix.ts';
import { rotateCommand, storeSmsKeyCommand } from './store-sms-key-command.ts';

/**
 * Phone sign-in for one app, alone in its stack or beside other resources. Throws a `TypeError` that lists every mistake in
 * the settings, and an `Error` where it cannot be: beside another one, or in a nested stack.
 *
 * Its logical ids start with `Doorcode`, wherever it stands. With the id `Default`, directly in a stack, they are those of a
 * {@link DoorcodeStack}.
 */
export class Doorcode extends Construct implements Outputs {
  readonly apiUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly dashboardUrl: string;
  readonly storeSmsKey: string;
  readonly storeCandidate: string;
  readonly promoteCandidate: string;
  readonly testNumbersUntil: string;
  readonly customDomainTarget: string | undefined;

  constructor(scope: Construct, id: string, props: DoorcodeProps) {
    super(scope, id);
    const stack = Stack.of(this);
    refuseOthers(this, stack);
    const prefix = id === 'Default' && scope === stack ? '' : sharedPrefix;
    if (prefix === sharedPrefix) refuseStackProps(props);
    const { settings, deployment } = parseSettingsIn(stack, props);
    const { customDomainName, certificateArn, logRetentionDays: logRetention, removalPolicy } = deployment;

    const table = new DoorcodeTable(this, 'Table', { removalPolicy });
    const secrets = createSecrets(this, deployment.existingSecrets, settings);
    this.keepsItsSecretsAsTheyAre({ ...deployment, sessions: settings.sessions }, prefix);
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
    const { sessions } = functions;
    const session = sessions === undefined ? [] : [sessions.session];
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
    if (secrets.session !== undefined && sessions !== undefined)
      new SecretRotation(this, 'SessionSecretRotation', {
        secret: secrets.session,
        rotation: sessions.rotateSessionSecret,
        everyDays: deployment.sessionSecretRotationDays,
        startsAtOnce: false,
      });
    const guards = {
      Identity: {
        secret: secrets.identity,
        readers: [functions.requestOtp, functions.verifyOtp, functions.support, ...session],
        writers: 'nobody',
      },
      Code: {
        secret: secrets.code,
        readers: [functions.requestOtp, functions.verifyOtp, functions.rotateCodeSecret],
        writers: [functions.rotateCodeSecret],
      },
      Sms: {
        secret: secrets.sms,
        readers: [functions.requestOtp, functions.rotateProviderKey, functions.support],
        writers: 'people',
      },
      Signing: {
        secret: secrets.signing,
        readers: [functions.verifyOtp, functions.rotateSigningKey, ...session],
        writers: [functions.rotateSigningKey],
      },
      ...(secrets.session !== undefined &&
        sessions !== undefined && {
          Session: {
            secret: secrets.session,
            readers: [sessions.session, functions.verifyOtp, sessions.rotateSessionSecret],
            writers: [sessions.rotateSessionSecret],
          },
        }),
    } as const;
    const { cloudTrailLogGroupName, controlsRoleArn, breakGlassRoleArn, deploymentRoleArn } = deployment;
    const controls = {
      secret: secrets.controls,
      readers: [functions.requestOtp, ...session],
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
        session: sessions?.session,
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
        SessionSecret: sessions?.rotateSessionSecret,
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
          paths: [
            '/.well-known/jwks.json',
            '/.well-known/openid-configuration',
            ...(sessions === undefined ? [] : ['/.well-known/oauth-authorization-server']),
          ],
          to: functions.wellKnown,
          ratePerSecond: deployment.wellKnownRatePerSecond,
          openBecause: 'Public keys and their address are published for everybody who checks a token.',
        },
        ...(sessions === undefined
          ? []
          : [
              {
                method: 'POST' as const,
                paths: ['/auth/token', '/auth/revoke', '/auth/sessions'],
                to: sessions.session,
                ratePerSecond: deployment.sessionRatePerSecond,
                openBecause:
                  'The refresh token in the body is the credential; a forged one is refused without a call.',
              },
            ]),
      ],
    });

    if (customDomainName !== undefined && certificateArn !== undefined) {
      const domain = { domainName: customDomainName, certificateArn, api, stage };
      this.customDomainTarget = new CustomDomain(this, 'CustomDomain', domain).target;
    }
    this.apiUrl = api.apiEndpoint;
    this.issuer = issuer;
    this.audience = settings.audience;
    this.dashboardUrl = dashboard.url;
    this.storeSmsKey = storeSmsKeyCommand(stack, secrets.sms);
    this.storeCandidate = storeSmsKeyCommand(stack, secrets.sms, candidateLabel);
    this.promoteCandidate = rotateCommand(stack, secrets.sms);
    this.testNumbersUntil = settings.testNumbersUntil ?? 'none';
    putOut(this, this, deployment);
    setLogicalIds(this, prefix);
  }

  /**
   * Makes sure that nothing changes a secret resource: no release, and no tag of the stack, which CloudFormation would
   * attach to each of its secrets. Tags of other resources (`Tags.of(stack)`) stay.
   */
  private keepsItsSecretsAsTheyAre(
    {
      existingSecrets,
      deploymentRoleArn,
      sessions,
    }: Pick<DeploymentSettings, 'existingSecrets' | 'deploymentRoleArn'> & Pick<Settings, 'sessions'>,
    prefix: string,
  ): void {
    const names = Object.keys(secretIds) as (keyof typeof secretIds)[];
    const notOurs = names
      // Switching sessions off takes their secret out of the stack, and that ends them for good.
      .filter((name) => existingSecrets[name] !== undefined || (name === 'session' && sessions === 'off'))
      .map((name) => secretIds[name]);
    const stack = Stack.of(this);
    this.node.addValidation({ validate: () => [...changedSecrets(this, notOurs, prefix)] });
    if (deploymentRoleArn !== undefined) return;
    const untag = (): void => {
      for (const name of Object.keys(stack.tags.tagValues())) stack.tags.removeTag(name, Number.MAX_VALUE);
    };
    const aspect = { visit: (node: unknown) => (node === stack ? untag() : undefined) };
    Aspects.of(stack).add(aspect, { priority: AspectPriority.READONLY });
  }
}

/** Refuses a place where the commands, the metrics or the guards would not work. */
function refuseOthers(doorcode: Doorcode, stack: Stack): void {
  if (stack.nestedStackParent !== undefined) {
    throw new Error(
      `${doorcode.node.path}: a Doorcode cannot be in a nested stack. CloudFormation hands the tags of the parent on to its secrets, whose policies deny that. Put it into a stack of its own app or stage.`,
    );
  }
  const other = stack.node
    .findAll()
    .find((it) => it instanceof Doorcode && it !== doorcode && Stack.of(it) === stack);
  if (other !== undefined) {
    throw new Error(
      `${doorcode.node.path}: a stack has one Doorcode at most, and ${other.node.path} is one already. Metrics, alarms and commands tell them apart by the name of the stack. Put each into a stack of its own.`,
    );
  }
}
