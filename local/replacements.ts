/**
 * What an update of the stack would lose: resources with state that CloudFormation would delete, replace, write anew or
 * no longer keep; and secrets that it could not update at all, because their own policies stop it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
import { isDeepStrictEqual } from 'node:util';
import type { Resource, Template } from './template.ts';

/** By type: the properties whose change replaces the resource. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'LocalSecondaryIndexes',
    'ImportSourceSpecification',
  ],
  'AWS::SecretsManager::Secret': ['Name'],
  // Its endpoint is the issuer of every token that lives.
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['StageName', 'ApiId'],
  'AWS::ApiGatewayV2::DomainName': ['DomainName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
};

const secret = 'AWS::SecretsManager::Secret';

/** One sentence for each thing that an update from `before` to `after` would lose; none is what one wants. */
export function lossesOf(before: Template, after: Template): readonly string[] {
  return Object.entries(before.Resources).flatMap(([id, resource]) => {
    const properties = replacing[resource.Type];
    if (properties === undefined) return [];
    const what = `${id} (${resource.Type})`;
    const updated = after.Resources[id];
    if (updated?.Type !== resource.Type) return [`${what} would be deleted`];
    return [
      ...differing(resource, updated, properties).map(
        (name) => `${what} would be replaced: its ${name} differs`,
      ),
      ...(resource.Type === secret
        ? differing(resource, updated).map((name) => `${what} could not be updated: its ${name} differs`)
        : []),
      ...(isKept(resource) && !isKept(updated)
        ? [`${what} would no longer be kept when the stack is deleted`]
        : []),
    ];
  });
}

/** The names of the properties that differ; of all, unless some are named. */
function differing(before: Resource, after: Resource, names?: readonly string[]): readonly string[] {
  const all = new Set([...Object.keys(before.Properties), ...Object.keys(after.Properties)]);
  return (names ?? [...all]).filter(
    (name) => !isDeepStrictEqual(before.Properties[name], after.Properties[name]),
  );
}

/** Whether a deletion of the stack leaves it. */
function isKept({ DeletionPolicy }: Resource): boolean {
  return DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate';
}

/** The resources that a deletion of the stack leaves behind, by their logical ids. */
export function keptByDeletion({ Resources }: Template): readonly string[] {
  return Object.entries(Resources).flatMap(([id, resource]) => (isKept(resource) ? [id] : []));
}

/** The resources that a first deployment leaves behind when it fails and is rolled back. */
export function keptByFailedCreation({ Resources }: Template): readonly string[] {
  return Object.entries(Resources).flatMap(([id, { DeletionPolicy }]) =>
    DeletionPolicy === 'Retain' ? [id] : [],
  );
}
