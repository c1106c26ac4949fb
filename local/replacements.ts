/**
 * Finds what an update of the stack would lose: resources with state that CloudFormation would delete, replace, overwrite
 * or no longer keep. It also finds secrets that CloudFormation could not update, because their own policies deny that.
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
  // Its endpoint is the issuer of every valid token.
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['StageName', 'ApiId'],
  'AWS::ApiGatewayV2::DomainName': ['DomainName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
};

const secret = 'AWS::SecretsManager::Secret';

/** One sentence for each loss in an update from `before` to `after`. An empty list means that the update is safe. */
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

/** The names of the properties that differ, among all properties or the given ones. */
function differing(before: Resource, after: Resource, names?: readonly string[]): readonly string[] {
  const all = new Set([...Object.keys(before.Properties), ...Object.keys(after.Properties)]);
  return (names ?? [...all]).filter(
    (name) => !isDeepStrictEqual(before.Properties[name], after.Properties[name]),
  );
}

/** Whether the resource stays after a deletion of the stack. */
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
