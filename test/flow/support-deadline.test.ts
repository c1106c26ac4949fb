/**
 * A person waits for `why`, ten seconds at most. Whatever never answers, the answer is there after nine seconds of a clock that
 * the test moves, and says what is known.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import { keyedHash } from '../../functions/otp/keyed-hash.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { connectProvider } from '../../functions/provider/startmessaging.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { why } from '../../functions/support/why.ts';
import { portsOf, type SupportWorld } from '../../functions/wiring/support-world.ts';

/** That of the function, which `docs/design.md` states. */
const deadlineMs = 9_000;
const phoneNumber = v.parse(phoneNumberSchema, '+919876543210');
const call = { member: 'supportReference', value: 'K7MF29QX' } as const;
const asked = { ask: 'why', call, phoneNumber, days: 3, askedBy: 'me' } as const;
const providerKey = ['sm', 'live', 'a'.repeat(40)].join('_');

/** What answers a call, or never. */
type Part = 'answers' | 'hangs';

interface Parts {
  /** The first search, by the reference, and the second, by the number. */
  readonly search: Part;
  readonly history: Part;
  readonly table: Part;
  readonly secret: Part;
  readonly identity: Part;
}

const allAnswer: Parts = {
  search: 'answers',
  history: 'answers',
  table: 'answers',
  secret: 'answers',
  identity: 'answers',
};

/** Ends as the SDK's clients do: by the signal of the call, and by nothing else. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new DOMException('aborted', 'AbortError'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}

/** A provider that takes the call and never answers. */
let provider: Server;
let providerUrl: string;

beforeEach(async () => {
  provider = createServer(() => undefined);
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  providerUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  // Node's own runs by the real clock.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), ms);
    return controller.signal;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  provider.closeAllConnections();
  await new Promise((resolve) => provider.close(resolve));
});

const keys = deriveIdentityKeys('i'.repeat(64));
const send = {
  code: 'request-otp.sent',
  requestId: 'r',
  supportReference: call.value,
  status: 202,
  numberTag: keyedHash(keys.logTag, [phoneNumber]),
  messageId: 'message-1',
};

/** What a worker keeps, with parts that never answer. */
function worldOf({ search, history, table, secret, identity }: Parts): SupportWorld {
  const answerOr =
    (part: Part, answer: object) => async (_: unknown, options: { readonly abortSignal: AbortSignal }) =>
      part === 'answers' ? answer : untilAborted(options.abortSignal);
  const line = JSON.stringify({ timestamp: new Date().toISOString(), message: send });
  const found = { status: 'Complete', results: [[{ field: '@message', value: line }]] };
  const key = { VersionId: 'v', SecretString: providerKey, VersionStages: ['AWSCURRENT'] };
  let searches = 0;
  const logs = {
    send: async (command: unknown, options: { readonly abortSignal: AbortSignal }) => {
      if (command instanceof StartQueryCommand) searches += 1;
      return command instanceof StartQueryCommand
        ? { queryId: String(searches) }
        : answerOr(searches === 1 ? search : history, found)(command, options);
    },
  };
  const world = {
    settings: parseSettings({ appName: 'Doorcode', audience: 'app' }),
    table: { client: { send: answerOr(table, {}) }, tableName: 'table' },
    provider: connectProvider(providerUrl),
    logs,
    logGroupNames: ['a'],
    retentionDays: 400,
    identity: {
      get: async ({ signal }: { readonly signal: AbortSignal }) =>
        identity === 'answers' ? keys : untilAborted(signal),
    },
    smsSecret: { client: { send: answerOr(secret, key) }, name: 'SMS_SECRET_ARN', arn: 'arn' },
  };
  return world as unknown as SupportWorld;
}

/** The answer, or undefined where it is not there at the deadline of the moved clock. */
async function answerInTime(parts: Partial<Parts>): Promise<readonly string[] | Error | undefined> {
  let answer: readonly string[] | Error | undefined;
  portsOf(worldOf({ ...allAnswer, ...parts }), asked)
    .then((ports) => why(ports, asked))
    .then(
      (lines) => {
        answer = lines;
      },
      (error: Error) => {
        answer = error;
      },
    );
  await vi.advanceTimersByTimeAsync(deadlineMs);
  return answer;
}

const unread = /^Log: it cannot be read now \(AbortError\)/m;
const decided = /^Decided: The provider accepted the SMS/m;
const mute = /^SMS: .*cannot be told, because the provider did not answer/m;
const noKey = /^SMS: .*cannot be told, because no key can be read/m;
const nowKnown = /^Now: the table holds no sends/m;
const nowUnread = /^Now: the table cannot be read \(AbortError\)/m;

const hangs = 'hangs';

describe('why answers within nine seconds with what is known, where', () => {
  it.each<[string, Partial<Parts>, readonly RegExp[]]>([
    ['the provider never answers', {}, [decided, mute, nowKnown]],
    ['no search of the log ends', { search: hangs, history: hangs }, [unread, nowKnown]],
    ['the second search never ends', { history: hangs }, [decided, mute, nowKnown]],
    ['the table never answers', { table: hangs }, [decided, mute, nowUnread]],
    ['the provider’s key cannot be read', { secret: hangs }, [decided, noKey, nowKnown]],
    ['neither log nor table answers', { search: hangs, table: hangs }, [unread, nowUnread]],
    [
      'nothing answers but the first search',
      { history: hangs, table: hangs, secret: hangs },
      [decided, nowUnread, noKey],
    ],
  ])('%s', async (_, parts, expected) => {
    const lines = await answerInTime(parts);
    expect(lines).toBeInstanceOf(Array);
    const all = (lines as readonly string[]).join('\n');
    for (const pattern of expected) expect(all).toMatch(pattern);
    expect((lines as readonly string[]).at(-1)).toMatch(/^Tell the user: “/);
  });

  it('the identity secret cannot be read: it fails, and does not wait for Lambda to end it', async () => {
    expect(await answerInTime({ identity: hangs })).toBeInstanceOf(Error);
  });
});
