import { describe, expect, it } from 'vitest';
import { lossesOf } from '../../local/replacements.ts';
import type { Template } from '../../local/template.ts';

const template = (): Template => ({
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST' },
    },
    CodeSecret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { GenerateSecretString: { PasswordLength: 64 }, Description: 'codes' },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Function: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 512 } },
  },
});

/** The template after a change of one property. */
function changed(id: string, name: string, value: unknown): Template {
  const after = template();
  const resource = after.Resources[id];
  if (resource !== undefined) resource.Properties[name] = value;
  return after;
}

describe('an update', () => {
  it('that touches nothing with state loses nothing', () => {
    expect(lossesOf(template(), template())).toEqual([]);
    expect(lossesOf(template(), changed('Function', 'MemorySize', 1024))).toEqual([]);
    expect(lossesOf(template(), changed('Table', 'BillingMode', 'PROVISIONED'))).toEqual([]);
  });

  it.each([
    ['Table', 'TableName', 'users', 'would be replaced'],
    ['Table', 'KeySchema', [{ AttributeName: 'id', KeyType: 'HASH' }], 'would be replaced'],
    ['CodeSecret', 'Description', 'other', 'could not be updated'],
    ['CodeSecret', 'Tags', [{ Key: 'team', Value: 'identity' }], 'could not be updated'],
    ['CodeSecret', 'GenerateSecretString', { PasswordLength: 32 }, 'could not be updated'],
    ['CodeSecret', 'SecretString', 'x', 'could not be updated'],
    ['Api', 'ProtocolType', 'WEBSOCKET', 'would be replaced'],
  ])('of %s’s %s is named as a loss', (id, name, value, effect) => {
    expect(lossesOf(template(), changed(id, name, value))).toEqual([
      expect.stringMatching(`^${id} .* ${effect}: its ${name} differs$`),
    ]);
  });

  it('that would replace a secret, or no longer keep what was kept, is named as well', () => {
    expect(lossesOf(template(), changed('CodeSecret', 'Name', 'code'))).toEqual([
      expect.stringContaining('would be replaced'),
      expect.stringContaining('could not be updated'),
    ]);
    const before = template();
    for (const id of ['Table', 'CodeSecret'])
      Object.assign(before.Resources[id] ?? {}, { DeletionPolicy: 'Retain' });
    const after = structuredClone(before);
    Object.assign(after.Resources['CodeSecret'] ?? {}, { DeletionPolicy: 'RetainExceptOnCreate' });
    expect(lossesOf(before, after)).toEqual([]);
    Object.assign(after.Resources['Table'] ?? {}, { DeletionPolicy: 'Delete' });
    expect(lossesOf(before, after)).toEqual([
      'Table (AWS::DynamoDB::Table) would no longer be kept when the stack is deleted',
    ]);
  });

  it.each(['Table', 'CodeSecret', 'Api'])(
    'without %s, or with its id for something else, deletes it',
    (id) => {
      const without = template();
      delete without.Resources[id];
      expect(lossesOf(template(), without)).toEqual([expect.stringContaining(`${id} (`)]);
      const another = template();
      another.Resources[id] = { Type: 'AWS::SNS::Topic', Properties: {} };
      expect(lossesOf(template(), another)).toEqual([expect.stringContaining('would be deleted')]);
    },
  );
});
