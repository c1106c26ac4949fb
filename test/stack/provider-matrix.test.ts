/**
 * Each row of what the provider answers, on both of its profiles, through the whole stack: what the app is told, what
 * stays stored, what is given back, and that nothing of the provider's own gets through.
 *
 * Each cell starts with a number that has a live code from 40 s before, so that giving back can be seen.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { freshProviderKey, storeProviderKey } from '../../test-kit/provider-key.ts';
import { type Meaning, type ProviderRow, providerRows } from '../../test-kit/provider-rows.ts';
import { ask, codeFor, freshNumber, smsTo, type } from '../../test-kit/sign-in.ts';
import { budgetSpent, storedRecords } from '../../test-kit/stored.ts';
import { setVariable } from '../support/set-variable.ts';

const profiles = ['observed', 'documented'] as const;
const secondsBefore = 40;

interface Cell {
  readonly status: number;
  readonly delivery: string;
  readonly retryAfter: string;
  readonly namesRequest: boolean;
  readonly challenge: 'new' | 'the earlier one again';
  readonly send: 'counted' | 'given back';
  readonly budget: 'counted' | 'given back';
}

/** What the app is told, and what is given back. */
const meanings: Readonly<Record<Meaning, Omit<Cell, 'retryAfter'>>> = {
  sent: {
    status: 202,
    delivery: 'accepted',
    namesRequest: true,
    challenge: 'new',
    send: 'counted',
    budget: 'counted',
  },
  unconfirmed: {
    status: 202,
    delivery: 'unconfirmed',
    namesRequest: true,
    challenge: 'new',
    send: 'counted',
    budget: 'counted',
  },
  failed: {
    status: 503,
    delivery: '',
    namesRequest: true,
    challenge: 'new',
    send: 'counted',
    budget: 'counted',
  },
  refused: {
    status: 503,
    delivery: '',
    namesRequest: false,
    challenge: 'the earlier one again',
    send: 'given back',
    budget: 'given back',
  },
  'number-limited': {
    status: 429,
    delivery: '',
    namesRequest: false,
    challenge: 'the earlier one again',
    send: 'counted',
    budget: 'given back',
  },
};

describe.each(profiles)('with the %s provider', (profile) => {
  let stack: LocalStack;
  const rows: Record<string, string | number>[] = [];
  const replies: Reply[] = [];
  const key = { key: freshProviderKey(), label: 'first' };

  beforeAll(async () => {
    stack = await startLocalStack({ workers: 1, storesProviderKey: false });
    stack.provider.control({ addKey: key });
    await storeProviderKey(stack, key.key);
  });
  afterAll(async () => {
    await stack.stop();
    printTable(`What the provider answers, ${profile}, and what comes of it`, rows);
  });

  async function observe({
    change,
  }: ProviderRow): Promise<{ cell: Cell; extraSms: number; codes: readonly string[] }> {
    const phoneNumber = freshNumber();
    const clock = stack.pool('request-otp');
    stack.provider.control({ profile, account: 'active', balance: 1000, callers: [], fault: null });
    clock.shiftClock(-secondsBefore);
    const earlier = await ask(stack, phoneNumber);
    expect(earlier.status).toBe(202);
    const earlierCode = codeFor(stack, phoneNumber);
    clock.shiftClock(0);
    const [before, spentBefore, linesBefore] = [
      await storedRecords(stack),
      await budgetSpent(stack),
      stack.logLines.length,
    ];
    stack.provider.control(change(phoneNumber));
    const reply = await ask(stack, phoneNumber, { from: '127.0.0.7' });
    replies.push(reply);
    const [after, spentAfter] = [await storedRecords(stack), await budgetSpent(stack)];
    const [changed] = [...after].filter(
      ([id, record]) => record.sent[0] && record.sent[0] !== before.get(id)?.sent[0],
    );
    const known = [...before.values()].map(({ latest }) => latest?.id);
    const isNew = [...after.values()].some(
      ({ latest }) => latest !== undefined && !known.includes(latest.id),
    );
    // The code of the earlier SMS works in every case: as the other live one, or as the one that was put back.
    stack.provider.control({ fault: null });
    const typed = await type(stack, earlier.json.requestId, earlierCode);
    expect(typed.status).toBe(200);
    const lines = stack.logLines.slice(linesBefore).map(({ line }) => line);
    return {
      cell: {
        status: reply.status,
        delivery: reply.json.delivery ?? '',
        retryAfter: String(reply.headers['retry-after'] ?? ''),
        namesRequest: reply.json.requestId !== undefined,
        challenge: isNew ? 'new' : 'the earlier one again',
        send: changed === undefined ? 'given back' : 'counted',
        budget: spentAfter > spentBefore ? 'counted' : 'given back',
      },
      extraSms: smsTo(stack, phoneNumber) - 1,
      codes: lines.flatMap((line) => /"code":"(request-otp\.[a-z-]+)"/.exec(line)?.[1] ?? []),
    };
  }

  it.each(providerRows(profile))('$row is $meaning', async (row) => {
    stack.provider.control({ addKey: key });
    const { cell, extraSms, codes } = await observe(row);
    rows.push({
      row: row.row,
      ...cell,
      namesRequest: cell.namesRequest ? 'yes' : 'no',
      SMS: extraSms,
      log: codes.at(-1) ?? '',
    });

    const { retryAfter, ...rest } = cell;
    expect(rest).toEqual(meanings[row.meaning]);
    // What the provider says, unless our own limits ask for more.
    const atLeastSeconds = row.retryAfterSeconds ?? 1;
    if (rest.status !== 202) expect(Number(retryAfter)).toBeGreaterThanOrEqual(atLeastSeconds);
    expect(codes.at(-1)).toBe(row.code);
    expect(extraSms).toBeLessThanOrEqual(rest.challenge === 'new' ? 1 : 0);
  });

  it('an address where nobody listens is refused', async () => {
    const nowhere = 'http://127.0.0.1:9';
    await stack.update({ alter: (template) => setVariable(template, 'PROVIDER_URL', nowhere) });
    const phoneNumber = freshNumber();
    const before = await storedRecords(stack);
    const reply = await ask(stack, phoneNumber, { from: '127.0.0.7' });
    replies.push(reply);
    const sends = [...(await storedRecords(stack))].filter(
      ([id, { sent }]) => !before.has(id) && sent[0] !== 0,
    );
    expect([reply.status, reply.json.requestId, sends]).toEqual([503, undefined, []]);
    await expect
      .poll(() => stack.logLines.map(({ line }) => line).join())
      .toContain('request-otp.provider-unreachable');
    await stack.update();
  });

  it('no answer carries a word, a code, an id or a status of the provider', () => {
    const bodies = replies
      .filter(({ status }) => status !== 202)
      .map(({ json: { instance: _, supportReference: __, requestId, retryAfterSeconds: ___, ...body } }) => ({
        ...body,
        requestId: typeof requestId,
      }));
    const kinds = new Set(bodies.map((body) => JSON.stringify(body)));
    // One body for all refusals that sent nothing, one for those that may have, one for the number's limit.
    expect(kinds.size).toBe(3);
    const headerNames = new Set(replies.flatMap(({ headers }) => Object.keys(headers)));
    expect([...headerNames].sort()).toEqual(
      [
        'apigw-requestid',
        'cache-control',
        'connection',
        'content-length',
        'content-type',
        'date',
        'retry-after',
      ].sort(),
    );
  });
});
