/**
 * The scenarios: two actors at one number, the steps before, and the properties that must hold in every order of their
 * table calls. A scenario returns each property that does not hold, as a sentence.
 */
import * as v from 'valibot';
import { type Code, codeSchema } from '../../functions/otp/code.ts';
import type { RequestId } from '../../functions/otp/request-id.ts';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import type { SendOutcome } from '../../functions/otp/send-outcome.ts';
import type { VerifyOtpOutcome } from '../../functions/otp/verify-otp-ports.ts';
import type { Flow } from '../../test-kit/flow.ts';

const number = '+919876543210';
const key = 'idempotency-key-0001';
const refused: SendOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
const numberLimited: SendOutcome = { tag: 'number-limited', retryAfterSeconds: 300 };

type Outcome = RequestOtpOutcome | VerifyOtpOutcome;

export interface Scenario {
  readonly name: string;
  /** How many calls each actor makes at most, when no answer gets lost. */
  readonly calls: { readonly A: number; readonly B: number };
  /** Leads up to the race; the actors and the check know what it found. */
  prepare(flow: Flow): Promise<{
    readonly A: () => Promise<Outcome>;
    readonly B: () => Promise<Outcome>;
    check(outcomes: readonly [Outcome, Outcome]): Promise<readonly string[]>;
  }>;
}

interface Sent {
  readonly requestId: RequestId;
  readonly code: Code;
}

async function send(flow: Flow, input: Parameters<Flow['request']>[1] = {}): Promise<Sent> {
  const outcome = await flow.request(number, input);
  if (outcome.tag !== 'accepted') throw new Error(`expected an accepted request, got ${outcome.tag}`);
  return { requestId: outcome.requestId, code: flow.lastCode() };
}

const isWin = (outcome: Outcome): outcome is Extract<Outcome, { tag: 'verified' }> =>
  outcome.tag === 'verified';
const when = (isWrong: boolean, sentence: string): readonly string[] => (isWrong ? [sentence] : []);
const tokenIds = (outcomes: readonly Outcome[]): ReadonlySet<string> =>
  new Set(outcomes.filter(isWin).map(({ tokenId }) => tokenId));

/** The code is used up. */
async function isDead(flow: Flow, { requestId, code }: Sent): Promise<readonly string[]> {
  flow.state.now += 61;
  return when(isWin(await flow.verify(requestId, code)), 'a code that had won was taken again');
}

/** The code still works. */
async function works(flow: Flow, { requestId, code }: Sent): Promise<readonly string[]> {
  const { tag } = await flow.verify(requestId, code);
  return when(tag !== 'verified', `the right code was answered ${tag} afterwards`);
}

const twoDevices = (name: string, keyOfA: string | undefined, keyOfB: string | undefined): Scenario => ({
  name,
  // A consume that meets the other's count is made again: of A, so that the orders stay few.
  calls: { A: keyOfA === undefined ? 3 : 2, B: 2 },
  prepare: async (flow) => {
    const sent = await send(flow);
    return {
      A: () => flow.verify(sent.requestId, sent.code, keyOfA),
      B: () => flow.verify(sent.requestId, sent.code, keyOfB),
      check: async (outcomes) => {
        const wins = outcomes.filter(isWin).length;
        const isOneIntention = keyOfA !== undefined && keyOfA === keyOfB;
        return [
          ...when(tokenIds(outcomes).size !== 1, `${tokenIds(outcomes).size} different tokens`),
          ...when(isOneIntention ? wins !== 2 : wins !== 1, `${wins} answers with a token`),
          ...(await isDead(flow, sent)),
        ];
      },
    };
  },
});

/** A request that the provider refuses, so that it is released, and a user who types the code from before. */
const releaseAndVerify = (outcome: SendOutcome): Scenario => ({
  name: `a release (${outcome.tag}) and a verify of the earlier code`,
  calls: { A: 2, B: 2 },
  prepare: async (flow) => {
    const sent = await send(flow);
    flow.state.now += 31;
    flow.state.nextOutcome = outcome;
    return {
      A: () => flow.request(number),
      B: () => flow.verify(sent.requestId, sent.code),
      check: async ([, verified]) => [
        ...when(!isWin(verified), `the right code was answered ${verified.tag}`),
        ...(await isDead(flow, sent)),
      ],
    };
  },
});

/** Signs in, so that the number knows a device; gives its token. */
async function becomeKnown(flow: Flow): Promise<string> {
  const sent = await send(flow);
  const won = await flow.verify(sent.requestId, sent.code);
  if (!isWin(won) || won.deviceToken === undefined) throw new Error('no device token');
  flow.state.now += 301;
  return won.deviceToken;
}

/** One intention, asked by a device with its token and, at once, without it. `before` may have begun and ended it. */
const twoLanes = (
  name: string,
  callsOfB: number,
  before: (flow: Flow, deviceToken: string) => Promise<unknown>,
): Scenario => ({
  name,
  calls: { A: 3, B: callsOfB },
  prepare: async (flow) => {
    const deviceToken = await becomeKnown(flow);
    await before(flow, deviceToken);
    const sentBefore = flow.sent.length;
    return {
      A: () => flow.request(number, { idempotencyKey: key, deviceToken }),
      B: () => flow.request(number, { idempotencyKey: key }),
      check: async (outcomes) => {
        const ids = new Set(outcomes.flatMap((outcome) => ('requestId' in outcome ? outcome.requestId : [])));
        const [requestId] = ids;
        const sms = flow.sent.slice(sentBefore);
        return [
          ...when(sms.length !== 1, `${sms.length} SMS`),
          ...when(
            ids.size !== 1 || outcomes.some(({ tag }) => tag !== 'accepted'),
            `not one request for both: ${outcomes.map(({ tag }) => tag).join(' and ')}`,
          ),
          ...(requestId === undefined
            ? []
            : await works(flow, { requestId, code: v.parse(codeSchema, sms[0]?.code) })),
        ];
      },
    };
  },
});

const wrongGuess = (flow: Flow): Code => flow.wrongCode();

/** The race scenarios. */
export const scenarios: readonly Scenario[] = [
  twoDevices('two devices with the right code', undefined, undefined),
  twoDevices('two devices with the right code and keys of their own', key, 'idempotency-key-0002'),
  twoDevices('one intention, asked twice at once', key, key),
  releaseAndVerify(refused),
  releaseAndVerify(numberLimited),
  {
    name: 'a resend of the user and a verify of the first code',
    calls: { A: 1, B: 2 },
    prepare: async (flow) => {
      const sent = await send(flow);
      flow.state.now += 31;
      return {
        A: () => flow.request(number, { previousRequestId: sent.requestId }),
        B: () => flow.verify(sent.requestId, sent.code),
        check: async ([, verified]) => [
          ...when(!isWin(verified), `the right code was answered ${verified.tag}`),
          ...(await isDead(flow, sent)),
        ],
      };
    },
  },
  {
    name: "a stranger's request and a verify of the user's code",
    calls: { A: 1, B: 2 },
    prepare: async (flow) => {
      const sent = await send(flow);
      flow.state.now += 31;
      return {
        A: () => flow.request(number),
        B: () => flow.verify(sent.requestId, sent.code),
        check: async ([asked, verified]) => {
          const strangers = 'requestId' in asked ? asked.requestId : undefined;
          const stolen = strangers === undefined ? undefined : await flow.verify(strangers, sent.code);
          return [
            ...when(!isWin(verified), `the right code was answered ${verified.tag}`),
            ...when(stolen !== undefined && isWin(stolen), "the stranger's id took the user's code"),
            ...(await isDead(flow, sent)),
          ];
        },
      };
    },
  },
  {
    name: "the user's code and a stranger's guess, which stays counted",
    calls: { A: 3, B: 1 },
    prepare: async (flow) => {
      const stranger = await send(flow);
      flow.state.now += 31;
      const sent = await send(flow);
      return {
        A: () => flow.verify(sent.requestId, sent.code),
        B: () => flow.verify(stranger.requestId, wrongGuess(flow)),
        check: async ([right, wrong]) => {
          const { tried } = await flow.record(number);
          const counted = tried.filter((time) => time > 0).length;
          const guesses = wrong.tag === 'incorrect-code' ? 1 : 0;
          return [
            ...when(!isWin(right), `the right code was answered ${right.tag}`),
            // One whose answer got lost may count twice: the safe side.
            ...when(counted < guesses, `${guesses} guesses were compared, and ${counted} are counted`),
            ...(await isDead(flow, sent)),
          ];
        },
      };
    },
  },
  {
    name: 'the right code and a wrong guess, with two attempts left',
    calls: { A: 3, B: 1 },
    prepare: async (flow) => {
      const sent = await send(flow);
      for (let i = 0; i < 2; i += 1) await flow.verify(sent.requestId, wrongGuess(flow));
      return {
        A: () => flow.verify(sent.requestId, sent.code),
        B: () => flow.verify(sent.requestId, wrongGuess(flow)),
        check: async ([right, wrong]) => [
          ...when(!isWin(right), `the right code was answered ${right.tag}`),
          ...when(isWin(wrong), 'a wrong code won'),
          ...(await isDead(flow, sent)),
        ],
      };
    },
  },
  {
    name: 'one intention to get a code, asked twice at once',
    calls: { A: 1, B: 1 },
    prepare: async (flow) => ({
      A: () => flow.request(number, { idempotencyKey: key }),
      B: () => flow.request(number, { idempotencyKey: key }),
      check: async (outcomes) => {
        const ids = new Set(outcomes.flatMap((outcome) => ('requestId' in outcome ? outcome.requestId : [])));
        const [requestId] = ids;
        return [
          ...when(flow.sent.length !== 1, `${flow.sent.length} SMS`),
          ...when(
            ids.size !== 1 || outcomes.some(({ tag }) => tag !== 'accepted'),
            'not one request for both',
          ),
          ...(requestId === undefined
            ? []
            : await works(flow, { requestId, code: v.parse(codeSchema, flow.sent[0]?.code) })),
        ];
      },
    }),
  },
  twoLanes('one intention in two lanes at once', 2, async () => undefined),
  twoLanes(
    'one intention in two lanes at once, after the provider had refused it in one',
    4,
    (flow, deviceToken) => {
      flow.state.nextOutcome = refused;
      return flow.request(number, { idempotencyKey: key, deviceToken });
    },
  ),
  {
    name: 'two requests at once',
    calls: { A: 1, B: 1 },
    prepare: async (flow) => ({
      A: () => flow.request(number),
      B: () => flow.request(number),
      check: async (outcomes) => [
        ...when(flow.sent.length !== 1, `${flow.sent.length} SMS`),
        ...when(
          outcomes.filter(({ tag }) => tag === 'too-many-requests').length !== 1,
          `answered ${outcomes.map(({ tag }) => tag).join(' and ')}`,
        ),
      ],
    }),
  },
  {
    name: 'a release and another request',
    calls: { A: 2, B: 1 },
    prepare: async (flow) => {
      const sent = await send(flow);
      flow.state.now += 31;
      flow.state.nextOutcome = refused;
      return {
        A: () => flow.request(number),
        B: () => flow.request(number),
        check: async () => {
          const counted = (await flow.record(number)).sent.filter((time) => time > 0).length;
          const smsSent = flow.sent.length - 1;
          return [
            ...when(counted < smsSent, `${smsSent} SMS, and ${counted} counted`),
            ...(await works(flow, sent)),
          ];
        },
      };
    },
  },
];
