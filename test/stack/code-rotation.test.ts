/**
 * The code secret rotates while codes are under way, with workers that refresh at different times: a right code is
 * never called wrong. Clocks are moved, so that a worker that has not refreshed is one whose clock says so.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { oneMachinePlaysEverybody } from '../../test-kit/one-machine.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';
import { storedRecords } from '../../test-kit/stored.ts';
import { labelsOf, rotate } from '../support/secret-labels.ts';

const workers = 4;
let stack: LocalStack;
let clockSeconds = 0;
beforeAll(async () => {
  stack = await startLocalStack({
    workers,
    prestart: workers,
    settings: oneMachinePlaysEverybody,
  });
});
beforeEach(() => stack.faults.clear());
afterAll(() => stack.stop());

interface Sent {
  readonly phoneNumber: string;
  readonly requestId: string;
}

const send = async (): Promise<Sent> => {
  const phoneNumber = freshNumber();
  const { status, json } = await ask(stack, phoneNumber);
  expect(status).toBe(202);
  return { phoneNumber, requestId: json.requestId };
};
const sendMany = (count: number): Promise<Sent[]> => Promise.all(Array.from({ length: count }, send));
const statusOf = async ({ phoneNumber, requestId }: Sent): Promise<number> =>
  (await type(stack, requestId, codeFor(stack, phoneNumber))).status;
const statuses = async (sent: readonly Sent[]): Promise<readonly number[]> => [
  ...new Set(await Promise.all(sent.map(statusOf))),
];

/** The workers that send see the newest secret; those that verify believe that no time has passed. */
function onlySendersRefresh(): void {
  clockSeconds += 301;
  stack.pool('request-otp').shiftClock(clockSeconds);
  // The table's times come from the senders, so a code of the future is live for the others as well.
}

async function versionsOfSlots(): Promise<ReadonlySet<string>> {
  const records = [...(await storedRecords(stack)).values()];
  return new Set(records.flatMap(({ latest }) => (latest === undefined ? [] : [latest.keyVersion])));
}

describe('a code', () => {
  it('that was sent before a rotation is right after it', async () => {
    const sent = await sendMany(2 * workers);
    await rotate(stack, 'CodeSecret');
    expect(await statuses(sent)).toEqual([200]);
  });

  it('that was sent after a rotation is right on workers that have not refreshed', async () => {
    expect(await statuses(await sendMany(2 * workers))).toEqual([200]);
    const version = await rotate(stack, 'CodeSecret');
    onlySendersRefresh();
    const sent = await sendMany(2 * workers);
    expect([...(await versionsOfSlots())]).toEqual([version]);
    const before = stack.awsCalls.length;
    expect(await statuses(sent)).toEqual([200]);
    const reads = stack.awsCalls
      .slice(before)
      .filter((call) => call.action === 'GetSecretValue' && call.function === 'verify-otp');
    expect(reads.length).toBeLessThanOrEqual(workers);
    expect(stack.pool('verify-otp').pids).toHaveLength(workers);
  });

  it('that two rotations have overtaken is right all the same, on old workers and on new ones', async () => {
    const sent = await sendMany(2 * workers);
    const [hashedBy] = await versionsOfSlots();
    await rotate(stack, 'CodeSecret');
    await rotate(stack, 'CodeSecret');
    await rotate(stack, 'CodeSecret');
    expect(Object.values(await labelsOf(stack, 'CodeSecret'))).not.toContain(hashedBy);
    expect(await statuses(sent.slice(0, workers))).toEqual([200]);
    for (const pid of stack.pool('verify-otp').pids) process.kill(pid, 'SIGKILL');
    await expect.poll(() => stack.pool('verify-otp').pids).toEqual([]);
    expect(await statuses(sent.slice(workers))).toEqual([200]);
  });

  it('that is wrong is still called wrong', async () => {
    await rotate(stack, 'CodeSecret');
    onlySendersRefresh();
    const { phoneNumber, requestId } = await send();
    const reply = await type(stack, requestId, otherThan(codeFor(stack, phoneNumber)));
    expect(reply.json.type).toBe('urn:doorcode:incorrect-code');
    expect(await statusOf({ phoneNumber, requestId })).toBe(200);
  });

  it('is not called wrong while nobody can tell, and works when somebody can', async () => {
    await rotate(stack, 'CodeSecret');
    onlySendersRefresh();
    const sent = await send();
    stack.faults.add({ service: 'secretsmanager', function: 'verify-otp', mode: 'error-500' });
    expect(await statusOf(sent)).toBe(503);
    expect(await statusOf(sent)).toBe(503);
    stack.faults.clear();
    // A failed read is repeated after ten seconds.
    stack.pool('verify-otp').shiftClock(11);
    expect(await statusOf(sent)).toBe(200);
  });
});

describe('the rotation of the code secret', () => {
  it('under way, among sends and verifies that never stop, makes no right code wrong', async () => {
    const seen: number[] = [];
    let isOver = false;
    const user = async (): Promise<void> => {
      while (!isOver) seen.push(await statusOf(await send()));
    };
    const users = Array.from({ length: workers }, user);
    for (let i = 0; i < 5; i += 1) {
      await rotate(stack, 'CodeSecret');
      onlySendersRefresh();
    }
    isOver = true;
    await Promise.all(users);
    expect(seen.length).toBeGreaterThan(workers);
    expect([...new Set(seen)]).toEqual([200]);
  });
});
