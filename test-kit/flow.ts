/**
 * The two flows over a real table server, with a clock that the test moves and a provider that the test scripts. The flows,
 * the store and its expressions are the real ones.
 */
import * as v from 'valibot';
import type { ClientAddress } from '../functions/limits/client-address.ts';
import type { Caller } from '../functions/otp/caller.ts';
import { type Code, codeSchema, deriveCodeKey } from '../functions/otp/code.ts';
import { parseControls } from '../functions/otp/controls.ts';
import { deriveIdentityKeys, phoneKeyOf } from '../functions/otp/identity-keys.ts';
import { keyedHash } from '../functions/otp/keyed-hash.ts';
import { phoneNumberSchema } from '../functions/otp/phone-number.ts';
import { openRequestId, type RequestId } from '../functions/otp/request-id.ts';
import { requestOtp } from '../functions/otp/request-otp.ts';
import type { Admitted, RequestOtpOutcome } from '../functions/otp/request-otp-ports.ts';
import type { SendOutcome } from '../functions/otp/send-outcome.ts';
import type { CodeMessage } from '../functions/otp/sms.ts';
import { verifyOtp } from '../functions/otp/verify-otp.ts';
import type { VerifyOtpOutcome } from '../functions/otp/verify-otp-ports.ts';
import { parseSettings, type SettingsInput } from '../functions/settings/settings.ts';
import { openBudgetWorld } from '../functions/table/budget-day.ts';
import { openBudget } from '../functions/table/budget-store.ts';
import { countAddress, countBlock, countGuess, giveBackCount } from '../functions/table/counters.ts';
import { openGuessAccount } from '../functions/table/guess-account.ts';
import { type GuessMemory, openGuesses } from '../functions/table/guess-breaker.ts';
import { readPhoneRecord } from '../functions/table/number-item.ts';
import { openAttemptStore, openSendStore } from '../functions/table/number-store.ts';
import { storePolicy } from '../functions/table/store-policy.ts';
import type { TestTable } from './test-table.ts';

const signal = new AbortController().signal;
export const codeVersion = '00000000-0000-4000-8000-000000000001';
const codeKey = { version: codeVersion, key: deriveCodeKey('c'.repeat(64)) };

const realCounters = {
  address: countAddress,
  block: countBlock,
  giveBack: giveBackCount,
  budget: openBudget,
};

/** Counters that admit everything and cost no call, for tests of one number. */
export const noCounters: typeof realCounters = {
  address: async () => ({ tag: 'counted', taken: { key: '', ttl: 0 } }),
  block: async () => ({ tag: 'counted', taken: { key: '', ttl: 0 } }),
  giveBack: async () => undefined,
  budget: () => ({
    count: async () => ({ tag: 'counted', isUnproven: false }),
    giveBack: async () => undefined,
  }),
};

export type Flow = ReturnType<typeof startFlow>;

/** Starts at a time that is neither midnight nor the border of an address window. */
export function startFlow(
  table: TestTable,
  overrides: Partial<SettingsInput> = {},
  counters = realCounters,
  identitySecret = `${Math.random()}`.padEnd(64, 'i'),
) {
  const settings = parseSettings({ appName: 'Acme', audience: 'acme-app', ...overrides });
  const identity = deriveIdentityKeys(identitySecret);
  const policy = storePolicy(settings);
  const store = { ...openSendStore(table, policy, signal), ...openAttemptStore(table, policy, signal) };
  const state = {
    now: 1_800_000_100,
    nextOutcome: { tag: 'accepted' } as SendOutcome,
    controls: parseControls('{}'),
    pausedSeconds: 0,
    /** Runs while the provider has the SMS. */
    onSend: (): void => undefined,
    /** Whose guesses come next. */
    address: { prefix: '203.0.113.7', ceiling: 1_000_000 } as ClientAddress,
    /** How many shards the rates need, and what the worker knows of the day. */
    budget: openBudgetWorld(),
    /** What the worker has seen of the guess breaker. */
    guessMemory: { openHour: undefined } as GuessMemory,
  };
  /** The codes that the flows logged besides their answers. */
  const told: string[] = [];
  const tagOf = (number: string) => keyedHash(identity.logTag, [number]);
  const placeOf = (number: string) => ({ settings, ...state.budget, numberTag: tagOf(number) });
  const budgetOf = (number: string) => counters.budget(table, placeOf(number), signal);
  const guessesAt = (number: string) =>
    openGuesses({
      settings,
      account: openGuessAccount(table, placeOf(number), signal),
      memory: state.guessMemory,
      countAddress: (now) =>
        countGuess(table, { address: state.address, addressKey: identity.address, now }, signal),
      onOpen: () => told.push('guesses-high'),
      onNotCounted: (reason) => told.push(`not counted: ${reason}`),
    });
  const sent: CodeMessage[] = [];
  const now = () => state.now;
  const phone = (number: string) => v.parse(phoneNumberSchema, number);
  const asking = (number: string) => ({ phoneNumber: phone(number), addressKey: identity.address });

  return {
    state,
    sent,
    told,
    settings,
    identity,
    policy,
    store,
    now,
    phone,
    code: (digits: string): Code => v.parse(codeSchema, digits),
    lastCode: (): Code => v.parse(codeSchema, sent.at(-1)?.code),
    wrongCode: (): Code => {
      const right = new Set<string>(sent.slice(-4).map(({ code }) => code));
      const wrong = Array.from({ length: 5 }, (_, i) => `00000${i}`).find((code) => !right.has(code));
      return v.parse(codeSchema, wrong);
    },
    itemKey: (number: string): string => `phone#${phoneKeyOf(identity, phone(number))}`,
    record: async (number: string) =>
      readPhoneRecord(await table.read(`phone#${phoneKeyOf(identity, phone(number))}`)),
    /** The sends of the day, over all shards. */
    budget: async (): Promise<number> => {
      const first = `budget#${new Date(state.now * 1000).toISOString().slice(0, 10)}`;
      const others = Array.from({ length: state.budget.memory.shards - 1 }, (_, i) => `${first}#${i + 1}`);
      const items = await Promise.all([first, ...others].map((key) => table.read(key)));
      return items.reduce((sum, item) => sum + Number(item?.['sends']?.N ?? 0), 0);
    },
    request: (
      number: string,
      input: Partial<Omit<Admitted, 'phoneNumber'>> = {},
      address: ClientAddress = { prefix: '203.0.113.7', ceiling: 1_000_000 },
    ): Promise<RequestOtpOutcome> =>
      requestOtp(
        {
          settings,
          controls: state.controls,
          now,
          identity,
          codeKey,
          store,
          strangerCounters: [
            {
              reason: 'address',
              count: (at) => counters.address(table, { ...asking(number), address, now: at }, signal),
            },
            ...(settings.sendsPerNumberBlock === undefined
              ? []
              : [
                  {
                    reason: 'block' as const,
                    count: (at: number) =>
                      counters.block(
                        table,
                        { ...asking(number), ceiling: settings.sendsPerNumberBlock ?? 0, now: at },
                        signal,
                      ),
                  },
                ]),
          ],
          giveBackCount: (taken) => counters.giveBack(table, taken, signal),
          countBudget: (lane, at) => budgetOf(number).count(lane, at),
          giveBackBudget: (lane, at) => budgetOf(number).giveBack(lane, at),
          pausedSeconds: async () => state.pausedSeconds,
          admit: async () => ({
            tag: 'admitted',
            subject: input.caller?.subject,
            isAttested: input.isAttested ?? false,
          }),
          tell: (code, what) =>
            told.push(code === 'request-otp.unproven' ? 'unproven' : `${what} not given back`),
          send: async (message) => {
            const outcome = state.nextOutcome;
            state.nextOutcome = { tag: 'accepted' };
            sent.push(message);
            state.onSend();
            return outcome;
          },
        },
        { phoneNumber: phone(number), purpose: 'sign-in', context: input.caller?.context, ...input },
      ),
    verify: (
      requestId: RequestId,
      code: Code,
      idempotencyKey?: string,
      caller: Caller = {},
    ): Promise<VerifyOtpOutcome> => {
      const opened = openRequestId(identity.seal, requestId);
      return verifyOtp(
        {
          settings,
          now,
          identity,
          codeKey: async (version) => (version === codeVersion ? codeKey.key : undefined),
          store,
          admit: async ({ needsSession }) =>
            !needsSession
              ? { tag: 'admitted', isAttested: false }
              : settings.session === undefined
                ? { tag: 'keys-unavailable', reason: 'not in this bundle' }
                : caller.subject === undefined
                  ? { tag: 'unauthorized', reason: 'session missing' }
                  : { tag: 'admitted', subject: caller.subject, isAttested: false },
          guesses: guessesAt(opened?.phoneNumber ?? ''),
          tell: (code) =>
            told.push(
              code === 'verify-otp.not-given-back' ? 'attempt not given back' : 'device not remembered',
            ),
        },
        { opened, code, idempotencyKey, context: caller.context },
      );
    },
  };
}
