/**
 * What an update of the stack would lose: resources with state that CloudFormation would delete, replace or write
 * anew. It knows the types with state that the template has and refuses to judge others of their services.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
import { isDeepStrictEqual } from 'node:util';
import type { Template } from './template.ts';

/** By type: the properties whose change replaces the resource, or writes its value anew. */
const stateful: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::DynamoDB::Table': {
    TableName: 'would be replaced',
    KeySchema: 'would be replaced',
    AttributeDefinitions: 'would be replaced',
    LocalSecondaryIndexes: 'would be replaced',
    ImportSourceSpecification: 'would be replaced',
  },
  'AWS::SecretsManager::Secret': {
    Name: 'would be replaced',
    SecretString: 'would get another value',
    GenerateSecretString: 'would get another value',
  },
  // Its endpoint is the issuer of every token that lives.
  'AWS::ApiGatewayV2::Api': { ProtocolType: 'would be replaced' },
};

/** One sentence for each thing that an update from `before` to `after` would lose; none is what one wants. */
export function lossesOf(before: Template, after: Template): readonly string[] {
  return Object.entries(before.Resources).flatMap(([id, { Type, Properties }]) => {
    const effects = stateful[Type];
    if (effects === undefined) return [];
    const updated = after.Resources[id];
    if (updated?.Type !== Type) return [`${id} (${Type}) would be deleted`];
    return Object.entries(effects)
      .filter(([name]) => !isDeepStrictEqual(Properties[name], updated.Properties[name]))
      .map(([name, effect]) => `${id} (${Type}) ${effect}: its ${name} differs`);
  });
}
