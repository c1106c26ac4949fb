/** R9, row 17: a deployment without sessions is what it was before there were any. */
import { expect, it } from 'vitest';
import { keptOffStack, withoutSessions } from '../../test-kit/off-stack/off-stack.ts';
import { readFlows } from '../../test-kit/off-stack/read-flows.ts';
import { readTemplate } from '../../test-kit/off-stack/read-template.ts';

const { commit, ...kept } = keptOffStack();

it(`has the template and the rights of ${commit.slice(0, 8)}`, () => {
  const { template, rights } = readTemplate(withoutSessions);
  expect(rights).toEqual(kept.rights);
  expect(Object.keys(template).toSorted()).toEqual(Object.keys(kept.template).toSorted());
  expect(template).toEqual(kept.template);
});

it(`makes the calls of ${commit.slice(0, 8)}, and leaves the same attributes in the table`, async () => {
  const { calls, attributes } = await readFlows(withoutSessions);
  expect(calls).toEqual(kept.calls);
  expect(attributes).toEqual(kept.attributes);
});
