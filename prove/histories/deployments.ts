/**
 * Histories in which everything that a seal depends on, or might, changes: the lane by token and attestation, the purpose
 * and whether it needs a session, test numbers, the kill switch, and the deployment's settings.
 */
import fc from 'fast-check';
import * as v from 'valibot';
import { codeSchema } from '../../functions/otp/code.ts';
import { parseControls } from '../../functions/otp/controls.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { SettingsInput } from '../../functions/settings/settings.ts';
import { type Flow, noCounters, startFlow } from '../../test-kit/flow.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import type { TestTable } from '../../test-kit/test-table.ts';
import { smsTemplates } from './history.ts';
import type { HandedOut } from './seal-log.ts';

const keys = ['idempotency-key-0001', 'idempotency-key-0002', undefined] as const;
const testCode = '402961';
const testNumbersUntil = '2099-12-31';

const settings = fc.record({
  needsSession: fc.boolean(),
  devicesPerNumber: fc.constantFrom(0, 1, 5),
  codeLifetimeSeconds: fc.constantFrom(60, 300),
  takesTests: fc.boolean(),
});

const ask = fc.record({
  do: fc.constant('ask' as const),
  key: fc.constantFrom(...keys),
  purpose: fc.constantFrom('sign-in', 'payment'),
  isAttested: fc.boolean(),
  hasToken: fc.boolean(),
  resends: fc.boolean(),
  outcome: fc.constantFrom('accepted', 'accepted', 'failed', 'refused'),
});

const step = fc.oneof(
  { weight: 6, arbitrary: ask },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('verify' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deploy' as const), settings }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('control' as const), isTest: fc.boolean(), isOff: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 31, 301) }),
  },
);

type Steps = readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[];

/** A history. */
export const deployments: fc.Arbitrary<Steps> = fc.array(step, { minLength: 4, maxLength: 12 });

type Deployed = typeof settings extends fc.Arbitrary<infer T> ? T : never;

/** One identity secret for all histories, so that every text is sealed under the same keys. */
const identitySecret = 's'.repeat(64);

function deploy(table: TestTable, deployed: Deployed, before?: Flow): Flow {
  const { needsSession, devicesPerNumber, codeLifetimeSeconds, takesTests } = deployed;
  const input: Partial<SettingsInput> = {
    smsTemplates,
    devicesPerNumber,
    codeLifetimeSeconds,
    ...(needsSession ? { session: sessionFor('payment') } : {}),
    ...(takesTests ? { testNumbersUntil } : {}),
  };
  const flow = startFlow(table, input, noCounters, identitySecret);
  if (before !== undefined) {
    Object.assign(flow.state, { now: before.state.now, controls: before.state.controls });
    flow.sent.push(...before.sent);
  }
  return flow;
}

export interface Played {
  readonly replays: number;
  readonly deployed: number;
  readonly texts: readonly HandedOut[];
}

const first: Deployed = {
  needsSession: false,
  devicesPerNumber: 5,
  codeLifetimeSeconds: 300,
  takesTests: true,
};

/** Plays a history at a number of its own; gives what was handed out. */
export async function playDeployments(table: TestTable, steps: Steps, index: number): Promise<Played> {
  const number = `+91${String(9_000_000_000 - index)}`;
  const texts: HandedOut[] = [];
  const ids: Parameters<Flow['verify']>[0][] = [];
  let [replays, deployed] = [0, 0];
  let deviceToken: string | undefined;
  let flow = deploy(table, first);

  const outcomes = {
    accepted: { tag: 'accepted' },
    failed: { tag: 'failed', retryAfterSeconds: undefined },
    refused: { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined },
  } as const;

  for (const s of steps) {
    switch (s.do) {
      case 'wait':
        flow.state.now += s.seconds;
        break;
      case 'deploy':
        flow = deploy(table, s.settings, flow);
        deployed += 1;
        break;
      case 'control':
        flow.state.controls = parseControls(
          JSON.stringify({
            sending: s.isOff ? 'nobody' : 'everybody',
            testNumbers: s.isTest ? [{ phoneNumber: number, code: testCode, until: testNumbersUntil }] : [],
          }),
        );
        break;
      case 'ask': {
        flow.state.nextOutcome = outcomes[s.outcome];
        const outcome = await flow.request(number, {
          purpose: s.purpose,
          isAttested: s.isAttested,
          ...(s.key === undefined ? {} : { idempotencyKey: s.key }),
          ...(s.hasToken ? { deviceToken } : {}),
          ...(s.resends ? { previousRequestId: ids.at(-1) } : {}),
        });
        if (outcome.tag === 'accepted' && outcome.kind === 'replay') replays += 1;
        if (!('requestId' in outcome) || outcome.requestId === undefined) break;
        ids.push(outcome.requestId);
        texts.push({ format: 'request id', keys: flow.identity.seal, text: outcome.requestId });
        break;
      }
      case 'verify': {
        const requestId = ids.at(-1);
        if (requestId === undefined) break;
        for (const code of new Set([flow.sent.at(-1)?.code, testCode])) {
          if (code === undefined) continue;
          const typed = v.parse(codeSchema, code);
          const outcome = await flow
            .verify(requestId, typed, 'a-key-of-the-proof', { subject: 'user-1' })
            .catch(unavailable);
          if (outcome.tag !== 'verified' || outcome.deviceToken === undefined) continue;
          deviceToken = outcome.deviceToken;
          texts.push({ format: 'device token', keys: flow.identity.deviceSeal, text: deviceToken });
        }
      }
    }
  }
  return { replays, deployed, texts };
}

const unavailable = (error: unknown): { readonly tag: 'unavailable' } => {
  if (!(error instanceof Unavailable)) throw error;
  return { tag: 'unavailable' };
};
