import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isAllowed, isDenied, statementSchema } from '../../../local/aws/iam.ts';

const table = 'arn:aws:dynamodb:ap-south-1:000000000000:table/Table';
const statement = (more: object) =>
  v.parse(statementSchema, { Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: table, ...more });
const onItems = statement({
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['phone#*', 'budget#*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
});
const ask = (key: string | undefined, more: object = {}) => ({
  action: 'dynamodb:UpdateItem',
  resource: table,
  context: key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] },
  ...more,
});

describe('IAM', () => {
  it('allows what a statement says, and nothing else', () => {
    expect(isAllowed([onItems], ask('phone#abc'))).toBe(true);
    expect(isAllowed([onItems], ask('jwks'))).toBe(false);
    expect(isAllowed([onItems], ask('phone#abc', { action: 'dynamodb:GetItem' }))).toBe(false);
    expect(isAllowed([onItems], ask('phone#abc', { resource: `${table}2` }))).toBe(false);
    expect(isAllowed([], ask('phone#abc'))).toBe(false);
  });

  it('does not take a request without keys for one whose keys all match', () => {
    expect(isAllowed([onItems], ask(undefined))).toBe(false);
    const withoutNull = statement({
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['phone#*'] } },
    });
    expect(isAllowed([withoutNull], ask(undefined))).toBe(true);
  });

  it('knows wildcards, and no other special character', () => {
    expect(isAllowed([statement({ Action: 'dynamodb:*' })], ask('x'))).toBe(true);
    expect(isAllowed([statement({ Action: 'dynamodb:Update????' })], ask('x'))).toBe(true);
    expect(isAllowed([statement({ Resource: table.replace('Table', 'T.ble') })], ask('x'))).toBe(false);
    expect(isAllowed([statement({ Resource: '*' })], ask('x'))).toBe(true);
  });

  it('lets a Deny win', () => {
    expect(isAllowed([onItems, statement({ Effect: 'Deny' })], ask('phone#abc'))).toBe(false);
  });

  it('denies what it does not understand', () => {
    const strange = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    expect(isAllowed([statement(strange)], ask('phone#abc'))).toBe(false);
    expect(isAllowed([onItems, statement({ Effect: 'Deny', ...strange })], ask('phone#abc'))).toBe(false);
    expect(() => statement({ NotAction: 'dynamodb:GetItem' })).toThrow();
  });
});

describe('a resource policy', () => {
  const role = 'arn:aws:iam::000000000000:role/Reader';
  const statement = v.parse(statementSchema, {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'secretsmanager:GetSecretValue',
    Resource: '*',
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': [role] } },
  });
  const ask = (...principal: readonly string[]) => ({
    action: 'secretsmanager:GetSecretValue',
    resource: 'arn:aws:secretsmanager:ap-south-1:000000000000:secret:S-abc',
    context: principal.length > 0 ? { 'aws:PrincipalArn': principal } : {},
  });

  it('denies all but the roles that it names, and whoever has no name', () => {
    expect(isDenied([statement], ask(role))).toBe(false);
    expect(isDenied([statement], ask(`${role}2`))).toBe(true);
    expect(isDenied([statement], ask())).toBe(true);
    expect(isDenied([], ask())).toBe(false);
  });
});
