import { describe, expect, it } from 'vitest';
import { resolve } from '../../lib/intrinsics.ts';

const names = new Map([
  ['Table', 'the-table'],
  ['Table.Arn', 'arn:aws:dynamodb:ap-south-1:0:table/the-table'],
  ['AWS::Region', 'ap-south-1'],
]);

describe('an intrinsic function', () => {
  it.each([
    [{ Ref: 'Table' }, 'the-table'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:ap-south-1:0:table/the-table'],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder.
      { 'Fn::Join': ['/', ['a', { Ref: 'Table' }, { 'Fn::Sub': 'in-${AWS::Region}' }]] },
      'a/the-table/in-ap-south-1',
    ],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::GetAtt': 'Table.Arn' }] }] }, 'the-table'],
    [
      [{ Ref: 'Table' }, 5, true, null],
      ['the-table', 5, true, null],
    ],
    [
      { plain: { Ref: 'Table' }, Ref: 'not alone' },
      { plain: 'the-table', Ref: 'not alone' },
    ],
  ])('is replaced in %j', (value, expected) => {
    expect(resolve(value, names)).toEqual(expected);
  });

  it('that is not known is an error that names it', () => {
    expect(() => resolve({ 'Fn::ImportValue': 'x' }, names)).toThrow('Fn::ImportValue');
    expect(() => resolve({ Ref: 'Nobody' }, names)).toThrow('Nobody');
  });
});
