/**
 * Reads from the cloud assembly what the synthesised template would deploy: functions with their bundles, environment and
 * rights, routes with their throttles, the table, the secrets. Nothing here is specific to Doorcode, so the local stack
 * runs only what the template contains. It is long because it is a list: each kind of resource, and what is read of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as v from 'valibot';
import { resolve } from '../lib/intrinsics.ts';
import { type Statement, statementSchema } from './aws/iam.ts';
import { readInvokePermissions } from './aws/invoke-permission.ts';
import type { DeployedFunction, Deployment } from './deployed.ts';
import { namesOf } from './deployed-names.ts';
import { readCors, readRoutes, readStage } from './deployed-routes.ts';
import { outputOf, readSecrets } from './deployed-secrets.ts';
import { type OfType, type Properties, propertiesSchema, type Template, templateSchema } from './template.ts';

export interface ReadOptions {
  /** The address of the API. */
  readonly apiEndpoint: string;
  /** Changes the template before this file reads it, so that a test can leave something out. */
  readonly alter?: ((template: Template) => void) | undefined;
  /** Further tags of the stack, as from `cdk deploy --tags`. */
  readonly stackTags?: Readonly<Record<string, string>> | undefined;
}

/** Reads the one stack of `assembly`. */
export function readDeployment(
  assembly: CloudAssembly,
  { apiEndpoint, alter, stackTags }: ReadOptions,
): Deployment {
  const [stack] = assembly.stacks;
  if (stack === undefined || assembly.stacks.length !== 1)
    throw new Error('expected one stack in the assembly');
  const file = join(assembly.directory, stack.templateFile);
  const template = v.parse(templateSchema, JSON.parse(readFileSync(file, 'utf8')));
  alter?.(template);
  const { Resources } = template;
  const { region } = stack.environment;
  const names = namesOf(Resources, { region, apiEndpoint });
  const ofType: OfType = (type) =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => [id, v.parse(propertiesSchema, resolve(resource.Properties, names))]);
  const arnOf = (id: string): string => names.get(`${id}.Arn`) ?? names.get(id) ?? id;

  const roles = new Map(ofType('AWS::IAM::Role').map(([id, role]) => [arnOf(id), statementsOf(role)]));
  return {
    template,
    get resources() {
      return Object.entries(Resources).map(([logicalId, { Type: type, Properties }]) => ({
        logicalId,
        type,
        physicalId: names.get(logicalId) ?? logicalId,
        properties: v.parse(propertiesSchema, resolve(Properties, names)),
      }));
    },
    get outputs() {
      return Object.entries(template.Outputs ?? {}).map(
        ([key, { Value }]) => [key, String(resolve(Value, names))] as const,
      );
    },
    region,
    stackTags: { ...stack.tags, ...stackTags },
    table: readTable(ofType, arnOf),
    functions: ofType('AWS::Lambda::Function').map(([id, properties]) =>
      readFunction({ id, arn: arnOf(id), properties }, { directory: assembly.directory, roles }),
    ),
    routes: readRoutes(ofType, region),
    secrets: readSecrets(template, ofType, arnOf),
    secretPolicies: ofType('AWS::SecretsManager::ResourcePolicy').map(([, { SecretId, ResourcePolicy }]) => ({
      secretArn: String(SecretId),
      statements: v.parse(documentSchema, ResourcePolicy).Statement,
    })),
    schedules: ofType('AWS::Events::Rule').flatMap(([id, rule]) =>
      v.parse(targetsSchema, rule['Targets']).map(({ Arn, Input }) => ({
        arn: arnOf(id),
        functionArn: Arn,
        event: JSON.parse(Input),
      })),
    ),
    rotations: ofType('AWS::SecretsManager::RotationSchedule').map(([, schedule]) => ({
      secretArn: String(schedule['SecretId']),
      functionArn: String(schedule['RotationLambdaARN']),
      startsAtOnce: schedule['RotateImmediatelyOnUpdate'] !== false,
      rules: v.parse(v.optional(propertiesSchema), schedule['RotationRules']),
    })),
    invokePermissions: readInvokePermissions(ofType),
    cors: readCors(ofType),
    accessLogFormat: readStage(ofType).AccessLogSettings.Format,
    testNumbersUntil: outputOf(template, 'TestNumbersUntil') ?? 'none',
  };
}

const targetsSchema = v.array(v.object({ Arn: v.string(), Input: v.string() }));
const tableSchema = v.object({
  TimeToLiveSpecification: v.object({ AttributeName: v.string() }),
  DeletionProtectionEnabled: v.optional(v.boolean(), false),
});

function readTable(ofType: OfType, arnOf: (id: string) => string): Deployment['table'] {
  const [[id, properties] = []] = ofType('AWS::DynamoDB::Table');
  if (id === undefined) throw new Error('expected a table in the template');
  const { TimeToLiveSpecification, DeletionProtectionEnabled } = v.parse(tableSchema, properties);
  return {
    name: id,
    arn: arnOf(id),
    ttlAttribute: TimeToLiveSpecification.AttributeName,
    isProtected: DeletionProtectionEnabled,
  };
}

interface FunctionResource {
  readonly id: string;
  readonly arn: string;
  readonly properties: Properties;
}

const functionSchema = v.object({
  Code: v.object({ S3Key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}\.zip$/)) }),
  Handler: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  Role: v.string(),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});

function readFunction(
  { id, arn, properties }: FunctionResource,
  { directory, roles }: { directory: string; roles: ReadonlyMap<string, readonly Statement[]> },
): DeployedFunction {
  const { Code, Handler, Timeout, MemorySize, Role, Environment } = v.parse(functionSchema, properties);
  return {
    name: id
      .replace(/Function[0-9A-F]{8}$/, '')
      .replace(/(?<=[a-z])[A-Z]/g, '-$&')
      .toLowerCase(),
    arn,
    // The unpacked asset is beside the template, named by its hash.
    directory: join(directory, `asset.${Code.S3Key.replace('.zip', '')}`),
    handler: Handler,
    timeoutMs: Timeout * 1000,
    memoryMib: MemorySize,
    environment: Environment.Variables,
    roleArn: Role,
    statements: roles.get(Role) ?? [],
  };
}

const documentSchema = v.object({ Statement: v.array(statementSchema) });
const policiesSchema = v.array(v.object({ PolicyDocument: documentSchema }));

function statementsOf(role: Readonly<Record<string, unknown>>): readonly Statement[] {
  return v
    .parse(policiesSchema, role['Policies'] ?? [])
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}
