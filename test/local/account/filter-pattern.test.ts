/** The filter patterns that the template uses, as CloudWatch Logs documents them. */
import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from '../../../local/account/filter-pattern.ts';

const event = {
  eventName: 'GetSecretValue',
  userIdentity: { sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::1:role/a' } } },
  requestParameters: { secretId: 'arn:…:secret:Sms-abc-XyZ' },
  errorMessage: null,
};

describe('a filter pattern', () => {
  it.each([
    ['{ $.eventName = "GetSecretValue" }', true],
    ['{ $.eventName = "GetSecret" }', false],
    ['{ $.requestParameters.secretId = "*Sms-abc*" }', true],
    ['{ $.requestParameters.secretId = "*Sms-abd*" }', false],
    ['{ $.eventName != "PutSecretValue" }', true],
    ['{ $.missing != "x" }', false],
    ['{ $.errorMessage = "*" }', false],
    ['{ $.missing.deeper NOT EXISTS }', true],
    ['{ $.eventName NOT EXISTS }', false],
    ['{ ($.eventName = "A") || ($.eventName = "GetSecretValue") }', true],
    ['{ ($.eventName = "GetSecretValue") && ($.eventName = "A") }', false],
    // && binds before ||.
    ['{ ($.eventName = "GetSecretValue") || ($.eventName = "A") && ($.eventName = "B") }', true],
    ['{ (($.eventName = "GetSecretValue") || ($.eventName = "A")) && ($.eventName = "B") }', false],
  ])('%s matches: %s', (pattern, expected) => {
    expect(parseFilterPattern(pattern)(event)).toBe(expected);
  });

  it.each([
    '',
    'word',
    '{ $.a }',
    '{ $.a = b }',
    '{ ($.a = "b" }',
    '{ $.a = "b" ) }',
    '{ $.a > "b" }',
    '{ a = "b" }',
  ])('%j is refused as the service does', (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow('Invalid metric filter pattern');
  });
});
