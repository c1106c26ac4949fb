/** A budget of sixteen items as it is deployed, with the rights that the template grants, and back to one. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';
import { storedItems } from '../../test-kit/stored.ts';

const sendsPerDay = 40;
const divided = {
  sendsPerDay,
  sendsPerHour: sendsPerDay,
  strangersBudgetPercent: 100,
  requestRatePerSecond: 4_800,
};
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings: { ...divided, attestedBudgetPercent: 100 } });
});
afterAll(() => stack.stop());

const budgetItems = async () => [...(await storedItems(stack))].filter(([key]) => key.startsWith('budget#'));
const sum = (items: Awaited<ReturnType<typeof budgetItems>>, name: RegExp): number =>
  items
    .flatMap(([, item]) => Object.entries(item).filter(([attribute]) => name.test(attribute)))
    .reduce((all, [, value]) => all + Number(value.N), 0);

it('counts sends and codes over its items, to the last send of the day, and so after a change of the rates', async () => {
  const asked = [];
  for (let i = 0; i < 12; i += 1) {
    const number = freshNumber();
    const { json, status } = await ask(stack, number);
    expect(status).toBe(202);
    asked.push({ number, requestId: json.requestId });
  }
  const [typo, right] = asked;
  if (typo === undefined || right === undefined) throw new Error('nobody has asked');
  expect((await type(stack, typo.requestId, otherThan(codeFor(stack, typo.number)))).status).toBe(422);
  expect((await type(stack, right.requestId, codeFor(stack, right.number))).status).toBe(200);
  const items = await budgetItems();
  expect(items.length).toBeGreaterThan(1);
  expect(sum(items, /^sends$/)).toBe(12);
  expect(sum(items, /^wrong/)).toBe(1);
  expect(sum(items, /^unproven/)).toBe(12 * 30 - 100);

  await stack.update({ settings: { ...divided, attestedBudgetPercent: 100, requestRatePerSecond: 300 } });
  let accepted = 0;
  for (let i = 0; i < sendsPerDay; i += 1)
    accepted += Number((await ask(stack, freshNumber())).status === 202);
  expect(12 + accepted).toBe(sendsPerDay);
  expect(sum(await budgetItems(), /^sends$/)).toBe(sendsPerDay);
  expect(stack.logLines.filter(({ line }) => /unavailable|not-counted|not-given-back/.test(line))).toEqual(
    [],
  );
});
