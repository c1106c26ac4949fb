/** Plays a history on the real flow and on the model, and compares each pair of answers. */
import * as v from 'valibot';
import { codeSchema } from '../../functions/otp/code.ts';
import { type RequestId, requestIdOf } from '../../functions/otp/request-id.ts';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import type { SendOutcome } from '../../functions/otp/send-outcome.ts';
import type { VerifyOtpOutcome } from '../../functions/otp/verify-otp-ports.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { noCounters, startFlow } from '../../test-kit/flow.ts';
import { type Delivery, startModel } from '../../test-kit/model.ts';
import type { TestTable } from '../../test-kit/test-table.ts';
import { failingTable } from './failing-table.ts';
import { type Step, smsTemplates } from './history.ts';

const number = '+919876543210';

const outcomes: Readonly<Record<Delivery, SendOutcome>> = {
  accepted: { tag: 'accepted' },
  unconfirmed: { tag: 'unconfirmed' },
  failed: { tag: 'failed', retryAfterSeconds: undefined },
  refused: { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined },
  'number-limited': { tag: 'number-limited', retryAfterSeconds: 300 },
};

/** Counts of what the histories reached, so that a run that reached nothing fails. */
export interface Seen {
  steps: number;
  wins: number;
  faults: number;
  usedCodesTried: number;
}

interface Stored {
  readonly requestId: RequestId;
  readonly code: string | undefined;
  readonly name: number;
}

/** Throws where the flow and the model differ. */
export async function play(table: TestTable, history: readonly Step[], seen: Seen): Promise<void> {
  const failing = failingTable(table);
  const flow = startFlow(failing.table, { smsTemplates }, noCounters);
  const model = startModel(flow.settings);
  const stored: Stored[] = [];
  const tokens = new Map<string, { tokenId: string; of: Stored }>();
  let asked = 0;
  const nameOf = (requestId: RequestId): number | undefined =>
    stored.find((known) => known.requestId === requestId)?.name;

  const request = async (s: Extract<Step, { do: 'request' }>): Promise<void> => {
    flow.state.nextOutcome = outcomes[s.delivery];
    const resent = s.resends === undefined ? undefined : stored.at(-1 - s.resends);
    const sentBefore = flow.sent.length;
    failing.fail(s.faults);
    const outcome = await flow.request(number, {
      purpose: s.purpose,
      idempotencyKey: s.key,
      previousRequestId: resent?.requestId,
    });
    failing.fail({});
    const code = flow.sent[sentBefore]?.code;
    const name = asked;
    asked += 1;
    const challenge = {
      name,
      code,
      purpose: s.purpose,
      expiresAt: flow.state.now + flow.settings.codeLifetimeSeconds,
      idempotencyKey: s.key,
      resends: resent?.name,
    };
    const promised = model.request(flow.state.now, challenge, { delivery: s.delivery, faults: s.faults });
    same(told(outcome, nameOf), promised);
    same(flow.sent.length - sentBefore > 1 ? 'two SMS' : 'at most one', 'at most one');
    if (!model.knows(name)) return;
    // The app may not have been told its id, and is when it repeats the intention.
    const challengeId = (await flow.record(number)).latest?.id ?? '';
    stored.push({
      requestId: requestIdOf(
        flow.identity.seal,
        { id: challengeId, lane: 'public', needsSession: false },
        flow.phone(number),
      ),
      code,
      name,
    });
  };

  const verify = async (s: Extract<Step, { do: 'verify' }>): Promise<void> => {
    const target = stored.at(-1 - s.back);
    if (target === undefined) return;
    const known = s.codeBack === undefined ? undefined : stored.at(-1 - s.codeBack)?.code;
    const code = v.parse(codeSchema, known ?? wrongCode());
    failing.fail(s.faults);
    const outcome = await flow.verify(target.requestId, code, s.key).catch(unavailable);
    failing.fail({});
    same(
      told(outcome, nameOf),
      model.verify(flow.state.now, { name: target.name, code, idempotencyKey: s.key }, s.faults),
    );
    if (outcome.tag !== 'verified') return;
    seen.wins += 1;
    const win = `${target.requestId} ${code} ${s.key}`;
    const before = tokens.get(win)?.tokenId;
    const others = [...tokens.values()].map(({ tokenId }) => tokenId);
    same(before ?? outcome.tokenId, outcome.tokenId);
    if (before === undefined)
      same(others.includes(outcome.tokenId) ? 'a token of another win' : 'new', 'new');
    tokens.set(win, { tokenId: outcome.tokenId, of: { ...target, code } });
  };

  const wrongCode = (): string => {
    const right = new Set(stored.map(({ code }) => code));
    return (
      [...Array(100).keys()].map((i) => String(i).padStart(6, '0')).find((code) => !right.has(code)) ?? ''
    );
  };

  /** A minute later nothing that won wins again, under any id that may know its code. */
  const everyUsedCodeIsDead = async (): Promise<void> => {
    flow.state.now += 61;
    for (const { of } of tokens.values()) {
      for (const { requestId, code } of stored.slice(-3)) {
        if (requestId !== of.requestId && code === of.code) continue;
        seen.usedCodesTried += 1;
        const { tag } = await flow.verify(requestId, v.parse(codeSchema, of.code));
        same(tag === 'verified' ? 'a code that had won was taken again' : 'dead', 'dead');
      }
    }
  };

  for (const s of history) {
    seen.steps += 1;
    if (s.do === 'wait') flow.state.now += s.seconds;
    else seen.faults += Object.keys(s.faults).length;
    if (s.do === 'request') await request(s);
    if (s.do === 'verify') await verify(s);
  }
  await everyUsedCodeIsDead();
}

const unavailable = (error: unknown): { readonly tag: 'unavailable' } => {
  if (!(error instanceof Unavailable)) throw error;
  return { tag: 'unavailable' };
};

function told(
  outcome: RequestOtpOutcome | VerifyOtpOutcome | { readonly tag: 'unavailable' },
  nameOf: (requestId: RequestId) => number | undefined,
): string {
  if (outcome.tag === 'incorrect-code') return `incorrect-code, ${outcome.attemptsRemaining} left`;
  if (outcome.tag === 'accepted' && outcome.kind === 'replay')
    return `replay of ${nameOf(outcome.requestId)}`;
  return outcome.tag;
}

function same(real: string, promised: string): void {
  if (real !== promised) throw new Error(`the flow says "${real}", the model "${promised}"`);
}
