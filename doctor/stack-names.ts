/** AWS's names of what a template refers to: physical ids, ARNs, the address of the API, and whatever the outputs tell. */
import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Names } from '../lib/intrinsics.ts';
import type { DeployedStack, Resource } from './deployed-stack.ts';
import { isRecord, unknownValue } from './differences.ts';

export interface Place extends Pick<DeployedStack, 'partition' | 'region' | 'account' | 'arn'> {
  readonly stack: Stack;
  readonly template: Readonly<Record<string, unknown>>;
}

/** The ARN of a resource by its type and physical id, where the physical id is not the ARN itself. */
const arnPaths: Readonly<Record<string, (id: string, place: Place) => string>> = {
  'AWS::DynamoDB::Table': (id, { arn }) => arn('dynamodb', `table/${id}`),
  'AWS::Events::Rule': (id, { arn }) => arn('events', `rule/${id}`),
  'AWS::IAM::Role': (id, { partition, account }) => `arn:${partition}:iam::${account}:role/${id}`,
  'AWS::Lambda::Function': (id, { arn }) => arn('lambda', `function:${id}`),
  'AWS::Logs::LogGroup': (id, { arn }) => arn('logs', `log-group:${id}:*`),
};

/** The names of a stack. A name that only AWS knows is {@link unknownValue}. */
export function namesOf(resources: readonly Resource[], place: Place): Names {
  const { partition, region, account, stack, template } = place;
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const names = new Map([
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::AccountId', account],
    ['AWS::URLSuffix', domain],
    ['AWS::StackName', stack.StackName ?? ''],
    ['AWS::StackId', stack.StackId ?? ''],
  ]);
  for (const { logicalId, type, physicalId } of resources) {
    if (physicalId === undefined) continue;
    names.set(logicalId, physicalId);
    const arn = arnPaths[type]?.(physicalId, place);
    if (arn !== undefined) names.set(`${logicalId}.Arn`, arn);
    if (type === 'AWS::ApiGatewayV2::Api')
      names.set(`${logicalId}.ApiEndpoint`, `https://${physicalId}.execute-api.${region}.${domain}`);
  }
  // An output that is nothing but an attribute tells its value, whatever the attribute is.
  const outputs = new Map((stack.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]));
  for (const [key, output] of Object.entries(Object(template['Outputs']))) {
    const { Value } = Object(output);
    const attribute = isRecord(Value) ? Value['Fn::GetAtt'] : undefined;
    const value = outputs.get(key);
    if (Array.isArray(attribute) && value !== undefined) names.set(attribute.join('.'), value);
  }
  return { get: (name) => names.get(name) ?? unknownValue };
}
