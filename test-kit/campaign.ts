/**
 * A campaign: an attacker with many numbers and addresses, at the highest rate that the gateway admits, for one day of the
 * budget. The limits, stores and budget are the real ones on a real table server. The campaign moves the clock and scripts
 * the provider.
 *
 * The attacker knows the settings. They ask once for every number, and again for the refused ones when the answers say so.
 * Where the conversion breaker is enforced, they also ask each time that it lets a stranger through. Meanwhile honest
 * strangers and returning devices sign in, and users type in codes that were sent before the campaign.
 */
import { clientAddress } from '../functions/limits/client-address.ts';
import type { RequestOtpOutcome } from '../functions/otp/request-otp-ports.ts';
import type { SettingsInput } from '../functions/settings/settings.ts';
import { type Flow, startFlow } from './flow.ts';
import type { TestTable } from './test-table.ts';

export interface Campaign {
  readonly settings: Partial<SettingsInput>;
  readonly numbers: number;
  readonly addresses: number;
  readonly addressKind: 'ipv4' | 'ipv6';
  /** Consecutive numbers, or one from each thousand. */
  readonly order: 'sequential' | 'spread';
  readonly requestsPerSecond: number;
  readonly hours: number;
  /** How many shards the budget has: 1 where it is not given. */
  readonly shards?: number;
  /** Called at the end of each hour of the campaign. */
  readonly onHour?: (hour: number) => void;
}

export interface CampaignOutcome {
  readonly requests: number;
  /** SMS that the attacker had caused by the second of their first refusal. */
  readonly sendsBeforeRefusal: number;
  readonly sendsByHour: readonly number[];
  readonly refusals: Readonly<Record<string, number>>;
  /** How often the flow logged the alarm's message. */
  readonly unproven: number;
  /** Codes that were on their way when the campaign began, and were typed in while it ran. */
  readonly verifiedInFlight: Share;
  readonly returningDevices: Share;
  readonly honestDuring: Share;
  readonly honestAfter: Share;
}

export interface Share {
  readonly done: number;
  readonly of: number;
}

const hourSeconds = 3600;
/** A midnight, UTC: the day's budget starts with the campaign. */
const midnight = 1_800_057_600;
const people = 10;

/** Runs a campaign to the end of its day, and one hour of honest traffic after it. */
export async function runCampaign(table: TestTable, campaign: Campaign): Promise<CampaignOutcome> {
  const flow = startFlow(table, campaign.settings);
  if (campaign.shards !== undefined) flow.state.budget = { ...flow.state.budget, shards: campaign.shards };
  flow.state.now = midnight - 2 * hourSeconds;
  const devices = await signInAll(flow, 1);
  flow.state.now = midnight - 20;
  const inFlight = await Promise.all(
    range(people).map(async (i) => {
      const outcome = await flow.request(honestNumber(2, i));
      return { number: honestNumber(2, i), outcome };
    }),
  );
  const seen = { requests: 0, unproven: 0, refusals: {} as Record<string, number> };
  const sendsByHour: number[] = [];
  const during = { returned: 0, honest: 0, inFlight: 0, asked: 0 };
  let queue: readonly number[] = range(campaign.numbers);
  let sendsBeforeRefusal: number | undefined;

  const fire = async (picked: readonly number[]): Promise<readonly RequestOtpOutcome[]> => {
    const outcomes = await Promise.all(
      picked.map((i) => flow.request(attackedNumber(campaign, i), {}, addressOf(flow, campaign, i))),
    );
    seen.requests += picked.length;
    const hour = Math.floor((flow.state.now - midnight) / hourSeconds);
    const refused = outcomes.filter(({ tag }) => tag !== 'accepted');
    sendsByHour[hour] = (sendsByHour[hour] ?? 0) + outcomes.length - refused.length;
    if (refused.length > 0) sendsBeforeRefusal ??= sum(sendsByHour);
    for (const name of refused.map(nameOf)) seen.refusals[name] = (seen.refusals[name] ?? 0) + 1;
    return outcomes;
  };

  for (const hour of range(campaign.hours)) {
    const [startsAt, endsAt] = [midnight + hour * hourSeconds, midnight + (hour + 1) * hourSeconds];
    flow.state.now = startsAt;
    let isFirstPass = hour === 0;
    while (flow.state.now < endsAt && queue.length > 0) {
      const refused: number[] = [];
      const waits: number[] = [];
      let left = queue;
      while (left.length > 0) {
        const picked = left.slice(0, campaign.requestsPerSecond);
        left = left.slice(picked.length);
        const outcomes = await fire(picked);
        picked.forEach((number, i) => {
          const outcome = outcomes[i];
          if (outcome?.tag === 'accepted') return;
          refused.push(number);
          if (outcome !== undefined && 'retryAfterSeconds' in outcome) waits.push(outcome.retryAfterSeconds);
        });
        if (hour === 0 && during.inFlight === 0) during.inFlight = await typeIn(flow, inFlight);
        flow.state.now += 1;
        if (!isFirstPass && outcomes.every(({ tag }) => tag !== 'accepted')) break;
      }
      queue = [...left, ...refused];
      isFirstPass = false;
      const waitUntil = flow.state.now + Math.max(1, Math.min(hourSeconds, ...waits));
      if (flow.settings.conversionBreaker.mode === 'enforce') {
        queue = await tryAtTrickle(flow, { queue, until: Math.min(waitUntil, endsAt), fire });
      }
      flow.state.now = waitUntil;
    }
    flow.state.now = startsAt + hourSeconds / 2;
    during.asked += 1;
    during.returned += Number(await returns(flow, devices[hour % people], hour % people));
    during.honest += Number((await signsIn(flow, honestNumber(3, hour))) !== false);
    campaign.onHour?.(hour + 1);
  }
  seen.unproven = flow.told.filter((what) => what === 'unproven').length;
  flow.state.now = midnight + 24 * hourSeconds;
  const after = await signInAll(flow, 4);
  return {
    ...seen,
    sendsBeforeRefusal: sendsBeforeRefusal ?? sum(sendsByHour),
    sendsByHour: range(campaign.hours).map((hour) => sendsByHour[hour] ?? 0),
    verifiedInFlight: {
      done: during.inFlight,
      of: inFlight.filter(({ outcome }) => outcome.tag === 'accepted').length,
    },
    returningDevices: { done: during.returned, of: during.asked },
    honestDuring: { done: during.honest, of: during.asked },
    honestAfter: { done: after.filter((token) => token !== undefined).length, of: people },
  };
}

/** One number each time that the breaker may let a stranger through. */
async function tryAtTrickle(
  flow: Flow,
  {
    queue,
    until,
    fire,
  }: {
    readonly queue: readonly number[];
    readonly until: number;
    readonly fire: (picked: readonly number[]) => Promise<readonly RequestOtpOutcome[]>;
  },
): Promise<readonly number[]> {
  let left = queue;
  for (
    ;
    flow.state.now < until && left.length > 0;
    flow.state.now += flow.settings.conversionBreaker.trickleSeconds
  ) {
    const [outcome] = await fire(left.slice(0, 1));
    left = outcome?.tag === 'accepted' ? left.slice(1) : [...left.slice(1), ...left.slice(0, 1)];
  }
  return left;
}

function addressOf(flow: Flow, { addresses, addressKind }: Campaign, i: number) {
  const at = i % addresses;
  const [high, low] = [Math.floor(at / 256), at % 256];
  return clientAddress(
    addressKind === 'ipv4' ? `198.18.${high}.${low}` : `2001:db8:${high.toString(16)}:${low.toString(16)}::1`,
    flow.settings,
  );
}

function attackedNumber({ order }: Campaign, i: number): string {
  return `+91${order === 'sequential' ? 7_000_000_000 + i : 7_000_000_000 + i * 1009}`;
}

function honestNumber(group: number, i: number): string {
  return `+91${9_000_000_000 + group * 1_000_000 + i * 1009}`;
}

/** Signs a stranger in. Gives the device token if that worked. */
async function signsIn(flow: Flow, number: string, deviceToken?: string): Promise<boolean | string> {
  const outcome = await flow.request(number, { deviceToken }, { prefix: `honest ${number}`, ceiling: 20 });
  if (outcome.tag !== 'accepted') return false;
  const code = codeOf(flow, number);
  const verified = code === undefined ? undefined : await flow.verify(outcome.requestId, code);
  return verified?.tag === 'verified' && (verified.deviceToken ?? true);
}

/** One after the other: each asks and types the code in, as on an ordinary day. */
async function signInAll(flow: Flow, group: number): Promise<readonly (string | undefined)[]> {
  const tokens: (string | undefined)[] = [];
  for (const i of range(people)) {
    const token = await signsIn(flow, honestNumber(group, i));
    tokens.push(typeof token === 'string' ? token : undefined);
  }
  return tokens;
}

async function returns(flow: Flow, deviceToken: string | undefined, i: number): Promise<boolean> {
  return deviceToken !== undefined && (await signsIn(flow, honestNumber(1, i), deviceToken)) === true;
}

async function typeIn(
  flow: Flow,
  inFlight: readonly { readonly number: string; readonly outcome: RequestOtpOutcome }[],
): Promise<number> {
  const verdicts = await Promise.all(
    inFlight.map(async ({ number, outcome }) => {
      const code = codeOf(flow, number);
      if (outcome.tag !== 'accepted' || code === undefined) return 'not sent';
      return (await flow.verify(outcome.requestId, code)).tag;
    }),
  );
  return verdicts.filter((tag) => tag === 'verified').length;
}

function codeOf(flow: Flow, number: string) {
  return flow.sent.findLast(({ phoneNumber }) => phoneNumber === number)?.code;
}

function nameOf(outcome: RequestOtpOutcome): string {
  if (outcome.tag === 'too-many-requests') return outcome.reason;
  if (outcome.tag === 'temporarily-unavailable') return outcome.detail ?? outcome.reason;
  return outcome.tag;
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, i) => i);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + (one ?? 0), 0);
}
