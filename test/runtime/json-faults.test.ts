import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFaults } from '../../functions/runtime/json-faults.ts';

const placesIn = (text: string): readonly string[] => jsonFaults(text).map(({ path }) => path.join('/'));

describe('a JSON text', () => {
  it('has no fault while it is what JSON.stringify writes of exact numbers', () => {
    const whole = fc.maxSafeInteger();
    const part = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), whole, part);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (given, indent) => {
        expect(jsonFaults(JSON.stringify(given, null, indent))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a":{"b":[1],"b":[]}}', 'a/b'],
    ['[{"x":1},{"a":1,"b":2, "a" :3}]', '1/a'],
    ['{"":1,"":2}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a":"},{","a":1}', 'a'],
    ['{"a\\"":1,"a\\"":2}', 'a"'],
  ])('names the member that is twice in %s', (text, place) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(placesIn(text)).toEqual([place]);
  });

  it.each(['{"a":{"b":1},"b":{"a":1}}', '[{"a":1},{"a":1}]', '{"a":"a","b":"a"}', '{"a":"\\"a\\":1"}'])(
    'takes a name again in another object, and a value that is a name: %s',
    (text) => {
      expect(placesIn(text)).toEqual([]);
    },
  );

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '9007199254740992',
    '1e400',
    '-1e400',
    '1e-400',
    '-0',
    '-0.0',
    '-0e5',
    '1e16',
    '123456789012345678901234567890',
    '0.1000000000000000055511151231257827',
    '9007199254740990.5',
    '1.00000000000000000001',
    '99.999999999999999999',
  ])('names the number %s, which a double cannot hold', (number) => {
    expect(placesIn(`{"a":[0,${number}]}`)).toEqual(['a/1']);
    expect(placesIn(number)).toEqual(['']);
  });

  it.each([
    '0',
    '0.0',
    '0e9',
    '1',
    '-1',
    '1.50',
    '499.5',
    '0.1',
    '1e2',
    '1E+2',
    '100e-2',
    '9007199254740991',
    '5e-324',
  ])('takes the number %s', (number) => {
    expect(placesIn(`{"a":${number}}`)).toEqual([]);
  });

  it('tells no value, and no more than eight places', () => {
    const faults = jsonFaults(`[${Array.from({ length: 400 }, () => '1e400').join(',')}]`);
    expect(faults).toHaveLength(8);
    expect(JSON.stringify(faults)).not.toContain('1e400');
  });

  it('is read to its end however deep it goes', () => {
    const deep = `${'['.repeat(2_000)}1e400${']'.repeat(2_000)}`;
    expect(jsonFaults(deep)).toHaveLength(1);
  });
});
