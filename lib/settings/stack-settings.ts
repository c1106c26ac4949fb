/**
 * Checks all settings of a stack before anything is built. The functions' own schema checks their settings, and runs again
 * at their cold start. The schema of this folder checks the settings of the deployment.
 *
 * One error reports all mistakes, because a deployment takes minutes and one mistake at a time would take many.
 */
import { type Stack, type StackProps, Token } from 'aws-cdk-lib';
import * as v from 'valibot';
import { endOfDay } from '../../functions/settings/end-of-day.ts';
import { invalidSettings, mistakeOf } from '../../functions/settings/invalid-settings.ts';
import type { Settings } from '../../functions/settings/settings.ts';
import { settingsSchema } from '../../functions/settings/settings-rules.ts';
import { dayPattern } from '../../functions/settings/sms-settings.ts';
import { inOurWords } from '../../functions/settings/wording.ts';
import type { DoorcodeProps } from '../doorcode-props.ts';
import type { DoorcodeStackProps } from '../doorcode-stack-props.ts';
import { smsTextMistakes } from '../sms-texts.ts';
import { type DeploymentSettings, deploymentSettingsSchema } from './deployment-settings.ts';
import { sessionMistakes } from './session-mistakes.ts';

/** A function's whole environment may have 4 KiB; the rest is for names and ARNs. */
const maxSettingsBytes = 3072;

/** The checked settings, with every default filled in. */
export interface StackSettings {
  /** The settings of the functions. */
  readonly settings: Settings;
  /** The settings of the deployment alone. */
  readonly deployment: DeploymentSettings;
}

/** The props of a CDK stack besides our settings. A new one in CDK is a type error here. */
const cdkProps: Readonly<Record<keyof StackProps, true>> = {
  analyticsReporting: true,
  crossRegionReferences: true,
  description: true,
  env: true,
  notificationArns: true,
  permissionsBoundary: true,
  propertyInjectors: true,
  stackName: true,
  suppressTemplateIndentation: true,
  synthesizer: true,
  tags: true,
  terminationProtection: true,
};

/** Refuses props of a stack among those of a Doorcode that shares one: they would do nothing there. */
export function refuseStackProps(props: DoorcodeProps): void {
  const misplaced = Object.keys(props).filter((name) => Object.hasOwn(cdkProps, name));
  if (misplaced.length > 0)
    throw invalidSettings(misplaced.map((name) => `${name}: expected in the props of the stack, not here`));
}

/** Checks the settings of a Doorcode against the region, the account and the tags of its stack, too. */
export function parseSettingsIn({ region, account, tags }: Stack, props: DoorcodeProps): StackSettings {
  return parseStackSettings({ ...props, env: { region, account }, tags: tags.tagValues() });
}

/** Checks the settings among a stack's props. Throws one `TypeError` that lists every mistake. */
export function parseStackSettings(props: DoorcodeStackProps): StackSettings {
  const own = Object.entries(props).filter(([name]) => !Object.hasOwn(cdkProps, name));
  const ofDeployment = own.filter(([name]) => Object.hasOwn(deploymentSettingsSchema.entries, name));
  const ofFlow = own.filter(([name]) => !Object.hasOwn(deploymentSettingsSchema.entries, name));
  const deployment = v.safeParse(deploymentSettingsSchema, Object.fromEntries(ofDeployment), inOurWords);
  const settings = v.safeParse(settingsSchema, Object.fromEntries(ofFlow), inOurWords);
  const ofTheStack = [
    ...pastDay(props.testNumbersUntil),
    ...stackTags(props),
    ...(deployment.success ? elsewhere(deployment.output, props.env?.region) : []),
    ...(deployment.success ? rolesOfOtherAccounts(deployment.output, props.env?.account) : []),
    ...(settings.success && deployment.success ? sessionMistakes(settings.output, deployment.output) : []),
    ...(settings.success && deployment.success
      ? smsTextMistakes(settings.output, deployment.output.smsTexts ?? {})
      : []),
  ];
  if (!settings.success || !deployment.success || ofTheStack.length > 0) {
    const issues = [...(settings.issues ?? []), ...(deployment.issues ?? [])];
    throw invalidSettings([...issues.map(mistakeOf), ...ofTheStack]);
  }
  if (Buffer.byteLength(JSON.stringify(settings.output)) > maxSettingsBytes) {
    throw invalidSettings([`all of them: expected at most ${maxSettingsBytes} bytes of JSON`]);
  }
  return { settings: settings.output, deployment: deployment.output };
}

/** The mistake of an end date in the past. Only the synth checks it, because a function would stop on that day. */
function pastDay(day: unknown): readonly string[] {
  if (typeof day !== 'string' || !dayPattern.test(day) || endOfDay(day) * 1000 > Date.now()) return [];
  return [`testNumbersUntil: expected a day to come, or no test numbers (given: "${day}")`];
}

/**
 * The policies of our secrets only deny, so they cannot let in a role of another account. With such a role in the
 * settings, nobody could use the secret.
 */
function rolesOfOtherAccounts(
  deployment: DeploymentSettings,
  account: string | undefined,
): readonly string[] {
  if (account === undefined || !/^\d{12}$/.test(account)) return [];
  return (['breakGlassRoleArn', 'controlsRoleArn', 'deploymentRoleArn'] as const).flatMap((name) => {
    const arn = deployment[name];
    if (arn === undefined || Token.isUnresolved(arn) || arn.split(':')[4] === account) return [];
    return [`${name}: expected a role of the account ${account} (given: ${JSON.stringify(arn)})`];
  });
}

/** ARNs of another region than the stack's. AWS would refuse them only minutes later. */
function elsewhere(
  { certificateArn, alarmTopicArn, existingSecrets }: DeploymentSettings,
  region: string | undefined,
): readonly string[] {
  const arns = {
    certificateArn: { what: 'a certificate', arn: certificateArn },
    alarmTopicArn: { what: 'an SNS topic', arn: alarmTopicArn },
    ...Object.fromEntries(
      Object.entries(existingSecrets).map(([name, arn]) => [
        `existingSecrets.${name}`,
        { what: 'a secret', arn },
      ]),
    ),
  };
  return Object.entries(arns).flatMap(([setting, { what, arn }]) =>
    arn === undefined ||
    region === undefined ||
    Token.isUnresolved(arn) ||
    Token.isUnresolved(region) ||
    arn.split(':')[3] === region
      ? []
      : [
          `${setting}: expected ${what} in ${region}, the region of the stack (given: ${JSON.stringify(arn)})`,
        ],
  );
}

/** Refuses tags of the stack. CloudFormation would attach them to its secrets with a call that their policies deny. */
function stackTags({ tags, deploymentRoleArn }: DoorcodeStackProps): readonly string[] {
  if (deploymentRoleArn !== undefined || Object.keys(tags ?? {}).length === 0) return [];
  return [
    'tags: expected none, or deploymentRoleArn: CloudFormation would attach the tags of a stack to its secrets, whose policies deny that. Use Tags.of(stack).add() to tag everything else',
  ];
}
