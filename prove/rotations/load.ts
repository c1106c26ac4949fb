/** Sends to numbers of their own, at an even pace, from several client addresses. */
import { setTimeout as wait } from 'node:timers/promises';
import type { LocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';

export interface Sent {
  readonly number: string;
  readonly reply: Reply;
}

export const sendsPerSecond = 50;

/** Sends until `isOver`, at an even pace whatever the answers take. */
export async function load(stack: LocalStack, isOver: () => boolean): Promise<readonly Sent[]> {
  const sends: Promise<Sent>[] = [];
  const startedAtMs = performance.now();
  while (!isOver()) {
    const number = freshNumber();
    const from = `127.0.${1 + (sends.length % 4)}.${1 + (sends.length % 200)}`;
    sends.push(ask(stack, number, { from }).then((reply) => ({ number, reply })));
    const dueInMs = startedAtMs + (sends.length * 1_000) / sendsPerSecond - performance.now();
    if (dueInMs > 0) await wait(dueInMs);
  }
  return Promise.all(sends);
}

/** As many sends at once as there are workers: each takes one, and each worker then has the key. */
export async function warmUp(stack: LocalStack, workers: number): Promise<readonly number[]> {
  const replies = await Promise.all(Array.from({ length: workers }, () => ask(stack, freshNumber())));
  return replies.map(({ status }) => status);
}
