/** What the judge `schemathesis` makes of what its tool says. */
import { expect, it } from 'vitest';
import { decided } from '../../judges/schemathesis/decisions.ts';
import { linkedDocument, withoutAnswer } from '../../judges/schemathesis/document.ts';
import { readSeen } from '../../judges/schemathesis/schemathesis.ts';

const failure = (more: object): string =>
  JSON.stringify({
    failure: 'Schema-valid request rejected',
    message: 'Valid data should have been accepted',
    operation: 'POST /auth/token',
    status: 400,
    said: 'invalid_grant',
    ...more,
  });

it('tells each failure once, and counts the good answers', () => {
  const lines = [
    '{"operation":"POST /auth/token","status":200}',
    '{"operation":"POST /auth/token","status":400}',
    failure({}),
    failure({}),
    failure({ status: 202, said: '', message: 'x\nInvalid component: a header\ny' }),
  ];
  const { failures, good } = readSeen(`${lines.join('\n')}\n`);
  expect(failures).toEqual([
    'Schema-valid request rejected, POST /auth/token: 202 a header',
    'Schema-valid request rejected, POST /auth/token: 400 invalid_grant',
  ]);
  expect([...good]).toEqual([['POST /auth/token', 1]]);
});

it.each([
  ['invalid_grant', true],
  ['invalid_request', false],
  ['invalid_grant and more', false],
])('a refused refresh that says %s is decided: %s', (said, isDecided) => {
  const [told = ''] = readSeen(failure({ said })).failures;
  expect(decided.some(({ matches }) => matches.test(told))).toBe(isDecided);
});

it('links a sign-in to what can follow, and leaves an answer out for the mistake', () => {
  const document = linkedDocument();
  const { responses } = document.paths['/auth/verify-otp']?.post ?? { responses: {} };
  expect(Object.keys(Object(responses['200']?.['links']))).toEqual(['refresh', 'revoke', 'sessions']);
  const less = withoutAnswer(document, '/auth/verify-otp', '422');
  expect(Object.keys(less.paths['/auth/verify-otp']?.post?.responses ?? {})).not.toContain('422');
  expect(Object.keys(responses)).toContain('422');
});
