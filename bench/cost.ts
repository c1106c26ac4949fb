/**
 * P7 and P8: the cost of a million sign-ins, and of a million refreshes, without the SMS. It is a model: counted calls and
 * measured bytes of one flow, times prices. Lambda's billed times are stated assumptions. What is on by default and could be
 * off has a line of its own, and so has what a month costs without any traffic.
 */
import type { LocalStack } from '../local/local-stack.ts';
import { call } from '../test-kit/http.ts';
import type { Figure } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import { prices, pricesAsOf } from './prices.ts';

/** Assumed, not measured: Lambda's billed time of a warm call, most of which is the provider's answer. */
const assumed = {
  requestMs: 285,
  verifyMs: 25,
  refreshMs: 25,
  gbOfMemory: 0.5,
  workersOfEach: 2,
  tableBytesPerFlow: 700,
} as const;
/** What stands in a line of the access log on AWS where the local gateway has `-`: Lambda's own status and request id. */
const accessBytesOfLambda = '200'.length + 36 - 2;
/** Assumed: what API Gateway's and Lambda's envelope adds to the JSON that we measure. */
const responseBytes = { answers: 1_500, sms: 1_200, refresh: 1_700 } as const;
const million = 1_000_000;
const minutesOfMonth = 30 * 24 * 60;
const maxUsd = { signIn: 10, refresh: 2.7 } as const;

/** What a line of the bill grows with. */
export type CostKind = 'by traffic' | 'an extra' | 'a refresh' | 'a month';

/** One line of the bill, per million, or per month. */
export interface CostItem {
  readonly item: string;
  readonly usd: number;
  readonly source: 'quoted' | 'unverified';
  readonly kind: CostKind;
  /** What moves it, and what that would cost. */
  readonly lever: string;
}

type Price = keyof typeof prices;

function line(
  kind: CostKind,
  amount: number,
  [price, item, lever]: readonly [price: Price, item: string, lever: string],
): CostItem {
  const { usd, unit, usageType, source } = prices[price];
  return { item: `${item}, ${usd} USD per ${unit} (${usageType})`, usd: amount * usd, source, kind, lever };
}

/** What moves each line, and what moving it would cost. */
const levers = {
  gateway: 'a function URL has no such price, and no throttle, access log or authorizer',
  calls: 'none: a sign-in is two calls',
  memory: 'the memory: half of it saves half of this, and doubles the wait for CPU (table above)',
  writes:
    'each is a limit: of the address, the day, the number. Provisioned capacity costs less under steady traffic, and refuses in a burst',
  storage: 'none: the TTL removes what no limit needs',
  logs: 'half of it is metrics, which the alarms watch; the rest is what on call and support read',
  noLog: 'none: a refresh that works writes nothing',
  accessLog: 'without it nobody sees the calls that no function answered',
  egress: 'a shorter token: fewer claims',
  refreshes:
    'a longer `accessTokenSeconds` makes fewer refreshes; an ended session’s token then works for longer',
  metrics: 'none without giving up an alarm',
  minute: 'none that is worth it',
  alarms: 'each can be left out; then nobody hears of it',
  secrets: 'one secret for everything would be 0.40; then each function could read all of them',
  reads:
    'reading every five minutes saves four fifths; a revoked key and the kill switch then take five minutes',
} as const;

/** Gigabytes of a million times so many bytes. */
const gb = (bytes: number): number => (bytes * million) / 1e9;
const gbSeconds = (ms: number): number => (ms / 1_000) * assumed.gbOfMemory * million;

/** What one piece of work asks of the table and writes to the logs. */
interface Seen {
  /** Writes by function and kind of item, such as `verify-otp device`. */
  readonly writes: readonly string[];
  readonly logBytes: number;
  readonly accessLogBytes: number;
  readonly metrics: number;
}

async function seen(stack: LocalStack, work: () => Promise<unknown>): Promise<Seen> {
  const [calls, from, accessFrom] = [stack.awsCalls.length, stack.logLines.length, stack.accessLines.length];
  await work();
  const accessLines = stack.accessLines.slice(accessFrom).map(({ line }) => line);
  const lines = stack.logLines.slice(from).map(({ line }) => line);
  const metrics = lines.flatMap((text) => [...text.matchAll(/"Name":"([^"]+)"/g)].map(([, name]) => name));
  return {
    writes: stack.awsCalls
      .slice(calls)
      .filter(({ service, action }) => service === 'dynamodb' && action !== 'GetItem')
      .map((made) => `${made.function} ${made.keyPrefix}`),
    // CloudWatch counts 26 bytes for each event beside its text.
    logBytes: lines.reduce((sum, text) => sum + Buffer.byteLength(text) + 26, 0),
    accessLogBytes: accessLines.reduce(
      (sum, text) => sum + Buffer.byteLength(text) + accessBytesOfLambda + 26,
      0,
    ),
    metrics: new Set(metrics).size,
  };
}

/** Signs a number in; gives the answer of verify-otp. */
async function signIn({ apiUrl, provider }: LocalStack, more: object = {}) {
  const phoneNumber = freshNumber();
  const { requestId } = (await call(`${apiUrl}/auth/request-otp`, { body: { phoneNumber } })).json;
  const code = provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  const answer = await call(`${apiUrl}/auth/verify-otp`, { body: { requestId, code, ...more } });
  if (answer.status !== 200) throw new Error(`verify-otp answered ${answer.status}`);
  return answer.json;
}

/** Two sign-ins of one minute. A worker says in the first what it says once a minute. */
async function seenSignIns(stack: LocalStack): Promise<{ readonly first: Seen; readonly second: Seen }> {
  const minuteNow = (): number => Math.floor(Date.now() / 60_000);
  // The first call of a worker may log what is not of a flow.
  await signIn(stack);
  for (let minutesAhead = 2; ; minutesAhead += 2) {
    for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(60 * minutesAhead);
    const minute = minuteNow();
    const first = await seen(stack, () => signIn(stack));
    const second = await seen(stack, () => signIn(stack));
    if (minuteNow() === minute) return { first, second };
  }
}

/** The writes that are on by default and could be off. */
const extras: Readonly<Record<string, { readonly item: string; readonly lever: string }>> = {
  'verify-otp device': {
    item: 'known devices (`devicesPerNumber`)',
    lever: '`devicesPerNumber: 0`; a flood of strangers then locks returning users out, too',
  },
  'verify-otp budget': {
    item: "the conversion breaker's credit (`conversionBreaker`)",
    lever: '`conversionBreaker` off; nothing then sees that SMS go to numbers which nobody types in from',
  },
};

/** Runs one flow on a stack without extras and one on a default stack, and prices them. */
export async function costItems(plain: LocalStack, defaults: LocalStack): Promise<readonly CostItem[]> {
  const { second: bare } = await seenSignIns(plain);
  const { first, second: whole } = await seenSignIns(defaults);
  const ofAMinute = { metrics: first.metrics, minuteBytes: first.logBytes - whole.logBytes };
  return [
    line('by traffic', 2 * million, ['httpApiRequest', 'API Gateway: 2 requests', levers.gateway]),
    line('by traffic', 2 * million, ['lambdaRequest', 'Lambda: 2 requests', levers.calls]),
    line('by traffic', gbSeconds(assumed.requestMs + assumed.verifyMs), [
      'lambdaGbSecond',
      `Lambda: ${assumed.requestMs} + ${assumed.verifyMs} ms of 512 MiB, assumed`,
      levers.memory,
    ]),
    line('by traffic', bare.writes.length * million, [
      'writeUnit',
      `DynamoDB: ${bare.writes.length} write units`,
      levers.writes,
    ]),
    line('by traffic', gb(assumed.tableBytesPerFlow), [
      'tableGbMonth',
      'DynamoDB: storage of a million items for a month',
      levers.storage,
    ]),
    line('by traffic', gb(bare.logBytes), [
      'logGb',
      `CloudWatch Logs: ${bare.logBytes} bytes of log lines and metrics`,
      levers.logs,
    ]),
    line('by traffic', gb(bare.accessLogBytes), [
      'logGb',
      `CloudWatch Logs: ${bare.accessLogBytes} bytes of access log`,
      levers.accessLog,
    ]),
    line('by traffic', gb(responseBytes.answers + responseBytes.sms), [
      'egressGb',
      'data transfer: answers and the provider’s call',
      levers.egress,
    ]),
    ...whole.writes
      .filter((write) => extras[write] !== undefined)
      .map((write) =>
        line('an extra', million, [
          'writeUnit',
          `DynamoDB: 1 write unit for ${extras[write]?.item}`,
          extras[write]?.lever ?? '',
        ]),
      ),
    ...(await refreshItems(defaults)),
    ...monthItems(defaults, ofAMinute),
  ];
}

/** A refresh, on a stack with sessions. */
async function refreshItems(stack: LocalStack): Promise<readonly CostItem[]> {
  const { refreshToken } = await signIn(stack, { session: {} });
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, attempt: 'a'.repeat(16) };
  const { writes, logBytes, accessLogBytes } = await seen(stack, async () => {
    const body = new URLSearchParams(form).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status } = await call(`${stack.apiUrl}/auth/token`, { body, headers });
    if (status !== 200) throw new Error(`a refresh was answered ${status}`);
  });
  return [
    line('a refresh', million, ['httpApiRequest', 'API Gateway: 1 request', levers.refreshes]),
    line('a refresh', million, ['lambdaRequest', 'Lambda: 1 request', levers.refreshes]),
    line('a refresh', gbSeconds(assumed.refreshMs), [
      'lambdaGbSecond',
      `Lambda: ${assumed.refreshMs} ms of 512 MiB, assumed`,
      levers.memory,
    ]),
    line('a refresh', writes.length * million, [
      'writeUnit',
      `DynamoDB: ${writes.length} write unit`,
      levers.refreshes,
    ]),
    line('a refresh', gb(logBytes), [
      'logGb',
      `CloudWatch Logs: ${logBytes} bytes of log lines and metrics`,
      levers.noLog,
    ]),
    line('a refresh', gb(accessLogBytes), [
      'logGb',
      `CloudWatch Logs: ${accessLogBytes} bytes of access log`,
      levers.accessLog,
    ]),
    line('a refresh', gb(responseBytes.refresh), ['egressGb', 'data transfer: the answer', levers.egress]),
  ];
}

/** What a month costs beside its traffic. */
function monthItems(
  stack: LocalStack,
  { metrics, minuteBytes }: { readonly metrics: number; readonly minuteBytes: number },
): readonly CostItem[] {
  const { Resources } = stack.deployment.template;
  const count = (type: string): number => Object.values(Resources).filter(({ Type }) => Type === type).length;
  const read = stack.awsCalls.filter(
    ({ service, function: name }) => service === 'secretsmanager' && name.endsWith('-otp'),
  );
  // Each worker reads each version of its secrets once a minute: those that it read at its start.
  const versions = new Set(read.map((one) => `${one.function} ${one.secretArn} ${one.versionStage}`)).size;
  return [
    line('a month', metrics, [
      'metricMonth',
      `CloudWatch: ${metrics} metrics that a good flow writes`,
      levers.metrics,
    ]),
    line('a month', (assumed.workersOfEach * minutesOfMonth * minuteBytes) / 1e9, [
      'logGb',
      `CloudWatch Logs: ${minuteBytes} bytes that a worker which sends writes once a minute, ${assumed.workersOfEach} workers, assumed`,
      levers.minute,
    ]),
    line('a month', count('AWS::CloudWatch::Alarm'), [
      'alarmMonth',
      'CloudWatch: alarms of the template',
      levers.alarms,
    ]),
    line('a month', count('AWS::SecretsManager::Secret'), [
      'secretMonth',
      'Secrets Manager: secrets of the template',
      levers.secrets,
    ]),
    line('a month', assumed.workersOfEach * versions * minutesOfMonth, [
      'secretRead',
      `Secrets Manager: reads of ${assumed.workersOfEach} workers of each function that are always warm, assumed`,
      levers.reads,
    ]),
  ];
}

/** The sum of the lines of a kind. */
export function sumOf(items: readonly CostItem[], kind: CostKind): number {
  return items.filter((item) => item.kind === kind).reduce((total, { usd }) => total + usd, 0);
}

/** P7 and the price of P8, as rows. */
export function costFigures(items: readonly CostItem[]): readonly Figure[] {
  const usd = (kind: CostKind): string => `${sumOf(items, kind).toFixed(2)} USD`;
  const method = `a model, prices of ${pricesAsOf}; each item below`;
  return [
    {
      id: 'P7',
      what: 'price per million sign-ins without the SMS, ap-south-1, by traffic, without extras',
      goal: `≤ ${maxUsd.signIn} USD`,
      figure: usd('by traffic'),
      isMet: sumOf(items, 'by traffic') <= maxUsd.signIn,
      peers: `extras that are on by default: ${usd('an extra')}; a month: ${usd('a month')}`,
      method,
    },
    {
      id: 'P8',
      what: 'price per million refreshes',
      goal: `≤ ${maxUsd.refresh} USD`,
      figure: usd('a refresh'),
      isMet: sumOf(items, 'a refresh') <= maxUsd.refresh,
      peers: '',
      method,
    },
  ];
}
