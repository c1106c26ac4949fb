/** What the judges themselves rely on: that every recipe is found on its page, and that no judge stands twice. */
import { expect, it } from 'vitest';
import { judges } from '../../judges/judges.ts';
import { parted, recipe, withoutImports } from '../../judges/tokens/recipes.ts';
import { before65 } from '../../judges/tokens/spring.ts';
import { answersIn } from '../../judges/tokens/verifier.ts';

it('cuts each recipe out of the page, and throws at one that is not there', () => {
  expect(parted(recipe('Python', 'python'), /^# for each request/)[1]).toContain('decode_complete');
  expect(recipe('Go', 'go')).toContain('jwt.Parse');
  expect(withoutImports(recipe('Spring', 'java'))[0]).toMatch(/^import java\.time\.Duration;/);
  expect(() => recipe('Cobol', 'cobol')).toThrow('Cobol');
  expect(() => parted('a\nb', /^# for each/)).toThrow('no line');
});

it('puts the change for an older Spring Security in the place of the newer call', () => {
  const changed = before65(recipe('Spring', 'java'));
  expect(changed).toContain('setJWSTypeVerifier');
  expect(changed).not.toContain('validateType');
});

it('reads the answers among the lines of a library', () => {
  expect(answersIn('ready\nok\nnothing to see\nno 401\n')).toEqual(['ok', 'no 401']);
});

it('each judge has a name of its own', () => {
  expect(new Set(judges.map(({ name }) => name)).size).toBe(judges.length);
  expect(judges.some(({ isQuick }) => isQuick)).toBe(true);
});
