/** The secrets of a stack, those of an earlier stack included: whatever a function is told to read. */
import type { SecretVersionsListEntry } from '@aws-sdk/client-secrets-manager';
import { environmentOf } from './api.ts';
import { type DeployedStack, ofType } from './deployed-stack.ts';
import { policyStatements } from './differences.ts';

export interface StackSecret {
  readonly arn: string;
  /** For people: `SmsSecret`, or its name where the settings name the secret of an earlier stack. */
  readonly name: string;
  /** The variable by which functions know it, such as `SMS_SECRET_ARN`. */
  readonly variable: string;
  /** How the template has it rotate; undefined where it does not. */
  readonly rotation: Rotation | undefined;
}

export interface Rotation {
  readonly functionArn: string;
  /** Undefined where it rotates only when a person starts it. */
  readonly everyDays: number | undefined;
  /** Whether the deployment made a first value, as for the signing keys. */
  readonly startsAtOnce: boolean;
}

/** The secrets that the functions read. */
export function secretsOf(stack: DeployedStack): readonly StackSecret[] {
  const variables = new Map<string, string>();
  for (const lambda of ofType(stack, 'AWS::Lambda::Function'))
    for (const [variable, value] of Object.entries(environmentOf(lambda)))
      if (variable.endsWith('_SECRET_ARN')) variables.set(value, variable);
  const own = new Map(
    ofType(stack, 'AWS::SecretsManager::Secret').map(({ physicalId = '', logicalId }) => [
      physicalId,
      logicalId,
    ]),
  );
  const rotations = new Map(
    ofType(stack, 'AWS::SecretsManager::RotationSchedule').map(({ properties }) => [
      String(properties['SecretId']),
      rotationOf(properties),
    ]),
  );
  return [...variables].map(([arn, variable]) => ({
    arn,
    name: own.get(arn) ?? arn.split(':').slice(6).join(':'),
    variable,
    rotation: rotations.get(arn),
  }));
}

function rotationOf(properties: Readonly<Record<string, unknown>>): Rotation {
  const { AutomaticallyAfterDays } = Object(properties['RotationRules']);
  return {
    functionArn: String(properties['RotationLambdaARN']),
    everyDays: AutomaticallyAfterDays === undefined ? undefined : Number(AutomaticallyAfterDays),
    startsAtOnce: properties['RotateImmediatelyOnUpdate'] !== false,
  };
}

/**
 * Whether the current version is a key. The oldest version of the secret is none: the deployment makes it, so that there is
 * a current version. `versions` are all of them, deprecated ones included.
 */
export function hasProviderKey(versions: readonly SecretVersionsListEntry[]): boolean {
  const current = versions.find(isCurrent);
  return current !== undefined && versions.some((other) => madeAtMs(other) < madeAtMs(current));
}

/** Whether a second value became current after `deployedAt`, in epoch seconds. A move back to the first one is no change. */
export function hasChangedSince(versions: readonly SecretVersionsListEntry[], deployedAt: number): boolean {
  const current = versions.find(isCurrent);
  return (
    current !== undefined &&
    madeAtMs(current) > deployedAt * 1000 &&
    versions.some((other) => madeAtMs(other) < madeAtMs(current))
  );
}

function isCurrent({ VersionStages = [] }: SecretVersionsListEntry): boolean {
  return VersionStages.includes('AWSCURRENT');
}

function madeAtMs({ CreatedDate }: SecretVersionsListEntry): number {
  return CreatedDate?.getTime() ?? 0;
}

export interface Guard {
  readonly secretArn: string;
  /** For people. */
  readonly name: string;
  readonly statements: readonly unknown[];
  /** Roles that may read the value in spite of the guard; undefined where it stops nobody from reading. */
  readonly readers: readonly string[] | undefined;
}

/** The resource policies of the template. */
export function guardsOf(stack: DeployedStack): readonly Guard[] {
  const names = new Map(secretsOf(stack).map(({ arn, name }) => [arn, name]));
  return ofType(stack, 'AWS::SecretsManager::ResourcePolicy').map(({ properties, logicalId }) => {
    const secretArn = String(properties['SecretId']);
    const statements = policyStatements(properties['ResourcePolicy']);
    return { secretArn, name: names.get(secretArn) ?? logicalId, statements, readers: readersIn(statements) };
  });
}

function readersIn(statements: readonly unknown[]): readonly string[] | undefined {
  const denial = statements.find((statement) => {
    const { Effect, Action } = Object(statement);
    return Effect === 'Deny' && Array.isArray(Action) && Action.includes('secretsmanager:GetSecretValue');
  });
  if (denial === undefined) return undefined;
  const { ArnNotEquals } = Object(Object(denial).Condition);
  return Object(ArnNotEquals)['aws:PrincipalArn'] ?? [];
}
