/**
 * Calls that DynamoDB refuses with a ValidationException, the smallest of each kind. Where no page of AWS has the rule, its
 * message does, as it came from DynamoDB itself.
 */
import type { TableCall } from './table-call.ts';

export interface RefusedCall {
  /** What is wrong with it. */
  readonly name: string;
  /** Part of what DynamoDB says. */
  readonly says: RegExp;
  readonly call: TableCall;
}

type Input = TableCall['input'];
type Kinds = Readonly<Record<string, readonly [says: RegExp, Input]>>;

/** The item that each call is about. */
export const itemBefore = {
  n: { N: '1' },
  s: { S: 'text' },
  members: { SS: ['a', 'b'] },
  m: { M: { leaf: { N: '1' } } },
};

const one = { ':one': { N: '1' } };
const text = { ':text': { S: 'text' } };
const update = (expression: string, values: object = one, more: Input = {}): Input => ({
  ...withoutValues(expression),
  ExpressionAttributeValues: values,
  ...more,
});
const withoutValues = (UpdateExpression: string): Input => ({ UpdateExpression });
const condition = (ConditionExpression: string, values: object = {}, more: Input = {}): Input =>
  update('SET added = :one', { ...one, ...values }, { ConditionExpression, ...more });
const nested = (levels: number): object => (levels === 0 ? { N: '1' } : { M: { a: nested(levels - 1) } });

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html */
const names: Kinds = {
  'a name that no expression uses': [
    /unused in expressions/,
    update('SET n = :one', one, {
      ExpressionAttributeNames: { '#unused': 'unused' },
    }),
  ],
  'a value that no expression uses': [/unused in expressions/, update('SET n = :one', { ...one, ...text })],
  'a name that is not given': [/name used in the document path is not defined/, update('SET #n = :one')],
  'a value that is not given': [/value used in expression is not defined/, update('SET n = :two')],
  'a value that is not given, in the condition': [
    /ConditionExpression: .*value used in expression is not defined/,
    condition('n = :two'),
  ],
  'names without an expression': [
    /only be specified when using expressions/,
    { ExpressionAttributeNames: { '#n': 'n' } },
  ],
  'no names in the member for names': [
    /ExpressionAttributeNames must not be empty/,
    update('SET n = :one', one, { ExpressionAttributeNames: {} }),
  ],
  'no values in the member for values': [
    /ExpressionAttributeValues must not be empty/,
    update('REMOVE n', {}),
  ],
  'a name without #': [
    /invalid key/,
    update('SET #n = :one', one, { ExpressionAttributeNames: { '#n': 'n', n: 'n' } }),
  ],
  'a value without :': [/invalid key/, update('SET n = :one', { ...one, one: { N: '1' } })],
  'a reserved word in an update': [/UpdateExpression: .*reserved keyword: ttl/, update('SET ttl = :one')],
  'a reserved word in a condition': [
    /ConditionExpression: .*reserved keyword: ttl/,
    condition('attribute_exists(ttl)'),
  ],
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
const updates: Kinds = {
  'one path twice': [/paths overlap/, update('SET n = :one, n = :one')],
  'a path inside another': [/paths overlap/, update('SET m.leaf = :one REMOVE m')],
  'one path in SET and ADD': [/paths overlap/, update('SET n = :one ADD n :one')],
  'the key in SET': [/part of the key/, update('SET pk = :text', text)],
  'the key in REMOVE': [/part of the key/, withoutValues('REMOVE pk')],
  'one section twice': [/only be used once/, update('SET n = :one SET s = :one')],
  'an empty update expression': [/can not be empty/, withoutValues('')],
  'a comma at the end': [/Syntax error/, update('SET n = :one,')],
  'a section without an action': [/Syntax error/, update('SET n = :one REMOVE')],
  'an unknown section': [/Syntax error/, update('PUT n = :one')],
  'a literal number': [/Syntax error/, withoutValues('SET n = 1')],
  'a literal text': [/Syntax error/, withoutValues("SET s = 'text'")],
  'ADD with a text': [/Incorrect operand type/, update('ADD s :text', text)],
  'ADD of a number to a text': [/incorrect data type/, update('ADD s :one')],
  'ADD of a set to a number': [/incorrect data type/, update('ADD n :set', { ':set': { SS: ['a'] } })],
  'ADD without a value': [/Syntax error/, withoutValues('ADD n')],
  'DELETE with a text': [/Incorrect operand type/, update('DELETE members :text', text)],
  'DELETE of a set from a number': [
    /incorrect data type/,
    update('DELETE n :set', { ':set': { SS: ['a'] } }),
  ],
  'DELETE of numbers from texts': [
    /incorrect data type/,
    update('DELETE members :set', { ':set': { NS: ['1'] } }),
  ],
  'a sum with a text': [/Incorrect operand type/, update('SET n = n + :text', text)],
  'a sum with an attribute that is a text': [/incorrect data type/, update('SET n = s + :one')],
  'a sum with an attribute that is not there': [
    /does not exist in the item/,
    update('SET n = nothing + :one'),
  ],
  'a copy of an attribute that is not there': [
    /does not exist in the item/,
    withoutValues('SET n = nothing'),
  ],
  'a path in a map that is not there': [
    /document path provided .* is invalid/,
    update('SET nothing.leaf = :one'),
  ],
  'a path in a number': [/document path provided .* is invalid/, update('SET n.leaf = :one')],
  'if_not_exists with one operand': [
    /Incorrect number of operands/,
    withoutValues('SET n = if_not_exists(n)'),
  ],
  'if_not_exists of a value': [/requires a document path/, update('SET n = if_not_exists(:one, :one)')],
  'an unknown function in an update': [/Invalid function name/, withoutValues('SET n = now()')],
  'a function of conditions in an update': [
    /function is not allowed|Invalid function name/,
    withoutValues('SET n = size(s)'),
  ],
  'list_append with a number': [/Incorrect operand type/, update('SET n = list_append(n, :one)')],
  'attributes and an expression': [
    /both expression and non-expression/,
    update('SET n = :one', one, {
      AttributeUpdates: { s: { Action: 'DELETE' } },
    }),
  ],
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
const conditions: Kinds = {
  'an empty condition': [/ConditionExpression: The expression can not be empty/, condition('')],
  'a condition without a comparator': [/ConditionExpression: Syntax error/, condition('n')],
  'AND without a right side': [/ConditionExpression: Syntax error/, condition('n = :one AND')],
  'an unknown function': [/Invalid function name/, condition('exists(n)')],
  'a function in another case': [/Invalid function name/, condition('Attribute_Exists(n)')],
  'a function without an operand': [
    /Syntax error|Incorrect number of operands/,
    condition('attribute_exists()'),
  ],
  'attribute_exists of a value': [/requires a document path/, condition('attribute_exists(:one)')],
  'attribute_type with an unknown type': [
    /Invalid attribute type/,
    condition('attribute_type(n, :text)', text),
  ],
  'begins_with a number': [/Incorrect operand type/, condition('begins_with(s, :one)')],
  'contains of an attribute in itself': [/must be distinct/, condition('contains(s, s)')],
  'BETWEEN with bounds of two types': [
    /same data type|same type/,
    condition('n BETWEEN :one AND :text', text),
  ],
  'BETWEEN with bounds in the wrong order': [
    /greater than or equal to lower bound/,
    condition('n BETWEEN :two AND :one', { ':two': { N: '2' } }),
  ],
  'size of a number': [/Incorrect operand type/, condition('size(:one) = :one')],
  'parentheses twice': [/redundant parentheses/, condition('((n = :one))')],
  'an unknown comparator': [/ConditionExpression: Syntax error/, condition('n == :one')],
  'a sum in a condition': [/ConditionExpression: Syntax error/, condition('n + :one > :one')],
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, and HowItWorks.NamingRulesDataTypes.html */
const values: Kinds = {
  'an empty set': [/may not be empty/, update('SET members = :set', { ':set': { SS: [] } })],
  'a set with one member twice': [
    /contains duplicates/,
    update('SET members = :set', { ':set': { SS: ['a', 'a'] } }),
  ],
  'a value of two types': [
    /more than one datatypes/,
    update('SET n = :two', { ':two': { N: '1', S: 'text' } }),
  ],
  'a value without a type': [/AttributeValue is empty/, update('SET n = :none', { ':none': {} })],
  'a number of 39 digits': [
    /more than 38 significant digits/,
    update('SET n = :long', { ':long': { N: '1'.repeat(39) } }),
  ],
  'a number above the largest': [/Number overflow/, update('SET n = :huge', { ':huge': { N: '1e126' } })],
  'a number that is none': [/numeric value/, update('SET n = :word', { ':word': { N: 'one' } })],
  'an item over 400 KB': [
    /exceeded the maximum allowed size/,
    update('SET s = :long', { ':long': { S: 'x'.repeat(400 * 1024) } }),
  ],
  'a value nested 33 levels deep': [/Nesting Levels/, update('SET m = :deep', { ':deep': nested(33) })],
  'an expression over 4 KB': [
    /Expression size has exceeded/,
    update(`SET n = :one REMOVE ${'x'.repeat(4_096)}`),
  ],
  'more than 300 operators': [
    /number of operators or functions/,
    condition(Array.from({ length: 301 }, () => 'n = :one').join(' OR ')),
  ],
  'an unknown ReturnValues': [
    /'returnValues' failed to satisfy constraint/,
    update('SET n = :one', one, { ReturnValues: 'ALL' }),
  ],
  'an unknown ReturnValuesOnConditionCheckFailure': [
    /'returnValuesOnConditionCheckFailure' failed to satisfy constraint/,
    condition(
      'n = :one',
      {},
      {
        ReturnValuesOnConditionCheckFailure: 'ALL_NEW',
      },
    ),
  ],
  'an empty key': [/empty string value/, update('SET n = :one', one, { Key: { pk: { S: '' } } })],
  'a key of another type': [
    /does not match the schema/,
    update('SET n = :one', one, { Key: { pk: { N: '1' } } }),
  ],
  'a key over 2 KB': [
    /maximum size limit/,
    update('SET n = :one', one, { Key: { pk: { S: 'k'.repeat(2_049) } } }),
  ],
  'no key': [
    /does not match the schema|number of conditions on the keys is invalid/,
    update('SET n = :one', one, { Key: {} }),
  ],
  'an attribute more in the key': [
    /does not match the schema|number of conditions on the keys is invalid/,
    update('SET n = :one', one, { Key: { pk: { S: 'k' }, n: { N: '1' } } }),
  ],
};

/** Other operations of the product. */
const others: readonly RefusedCall[] = [
  {
    name: 'DeleteItem that returns ALL_NEW',
    says: /returnValues|Return values/,
    call: { operation: 'DeleteItem', input: { ReturnValues: 'ALL_NEW' } },
  },
  {
    name: 'GetItem with an attribute more in the key',
    says: /does not match the schema|number of conditions on the keys is invalid/,
    call: { operation: 'GetItem', input: { Key: { pk: { S: 'k' }, n: { N: '1' } } } },
  },
  {
    name: 'PutItem without its key',
    says: /Missing the key/,
    call: { operation: 'PutItem', input: { Item: { n: { N: '1' } } } },
  },
];

/** All of them. */
export const refusedCalls: readonly RefusedCall[] = [
  ...Object.entries({ ...names, ...updates, ...conditions, ...values }).map(([name, [says, input]]) => ({
    name,
    says,
    call: { operation: 'UpdateItem', input },
  })),
  ...others,
];
