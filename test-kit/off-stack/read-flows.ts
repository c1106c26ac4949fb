/** What the flows of a deployment call, and what they leave in the table. */
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import type { AwsCall } from '../../local/aws/injected-faults.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../sign-in.ts';
import { storedItems } from '../stored.ts';
import type { OffStack } from './off-stack.ts';

type Flow = readonly [name: string, run: () => Promise<Reply>];

/** Starts a deployment with `settings` and runs each flow once. */
export async function readFlows(
  settings: Partial<DoorcodeStackProps>,
): Promise<Pick<OffStack, 'calls' | 'attributes'>> {
  const stack = await startLocalStack({ workers: 1, settings });
  try {
    const calls: Record<string, string[]> = { deployment: toTable(stack.awsCalls) };
    for (const [name, run] of flowsOf(stack)) {
      const from = stack.awsCalls.length;
      const { status } = await run();
      calls[name] = [String(status), ...toTable(stack.awsCalls.slice(from))];
    }
    return { calls, attributes: await attributesOf(stack) };
  } finally {
    await stack.stop();
  }
}

/**
 * The calls of the table, sorted, because a function makes some of them side by side. Whether a worker reads a secret
 * again depends on the secret's age, so only the rights say who may read it.
 */
function toTable(calls: readonly AwsCall[]): string[] {
  return calls
    .filter(({ service }) => service === 'dynamodb')
    .map((made) => `${made.function} ${made.action} ${made.keyPrefix}`)
    .toSorted();
}

/** The flows, in an order in which each finds what it needs. */
function flowsOf(stack: LocalStack): readonly Flow[] {
  const number = freshNumber();
  const [first, second] = ['the-first-intention', 'the-second-intention'];
  const seen = { requestId: '', code: '', device: '' };
  const asking = async (headers = {}): Promise<Reply> => {
    const reply = await ask(stack, number, { idempotencyKey: first, headers });
    seen.requestId = String(reply.json.requestId);
    seen.code = codeFor(stack, number);
    return reply;
  };
  const typing = async (code: string): Promise<Reply> => {
    const reply = await type(stack, seen.requestId, code, second);
    seen.device = String(reply.json.deviceToken ?? seen.device);
    return reply;
  };
  const wellKnown = (name: string) => () => call(`${stack.apiUrl}/.well-known/${name}`);
  return [
    ['request-otp, another number', () => ask(stack, freshNumber())],
    ['request-otp', () => asking()],
    ['request-otp, asked again', () => asking()],
    ['request-otp, limited', () => ask(stack, number)],
    ['verify-otp, forged id', () => type(stack, 'A'.repeat(63), '000000')],
    ['verify-otp, wrong code', () => typing(otherThan(seen.code))],
    ['verify-otp', () => typing(seen.code)],
    ['verify-otp, asked again', () => typing(seen.code)],
    ['request-otp, a known device', () => asking({ 'doorcode-device': seen.device })],
    ['verify-otp, a known device', () => typing(seen.code)],
    ['openid-configuration', wellKnown('openid-configuration')],
    ['jwks.json', wellKnown('jwks.json')],
  ];
}

/** The attributes of all items of a kind together. A budget's attributes are named by the hour of the day. */
async function attributesOf(stack: LocalStack): Promise<OffStack['attributes']> {
  const kinds = new Map<string, Set<string>>();
  for (const [key, item] of await storedItems(stack)) {
    const kind = key.split('#')[0] ?? key;
    const names = kinds.get(kind) ?? new Set<string>();
    for (const name of Object.keys(item)) names.add(kind === 'budget' ? name.replace(/\d+$/, '') : name);
    kinds.set(kind, names);
  }
  return Object.fromEntries([...kinds].toSorted().map(([kind, names]) => [kind, [...names].toSorted()]));
}
