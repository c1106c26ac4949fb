/**
 * P7: the cost of a million verifications without the SMS. It is a model: counted calls and measured bytes of one flow,
 * times prices. Lambda's billed times are stated assumptions. The fixed costs are those of a month with a million
 * verifications.
 */
import type { LocalStack } from '../local/local-stack.ts';
import { call } from '../test-kit/http.ts';
import type { Figure } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import { prices, pricesAsOf, rupeesPerUsd, smsRupees } from './prices.ts';

/** Assumed, not measured: Lambda's billed time of a warm call, most of which is the provider's answer. */
const assumed = {
  requestMs: 250,
  verifyMs: 25,
  gbOfMemory: 0.5,
  workersOfEach: 2,
  tableBytesPerFlow: 700,
} as const;
/** Assumed: what API Gateway's and Lambda's envelope adds to the JSON that we measure. */
const responseBytes = { answers: 1_500, sms: 1_200 } as const;
const million = 1_000_000;
const minutesOfMonth = 30 * 24 * 60;
const maxUsd = 10;
const maxShareOfSms = 0.0035;

/** One line of the bill, per million. */
export interface CostItem {
  readonly item: string;
  readonly usd: number;
  readonly source: 'quoted' | 'unverified';
  readonly isFixed: boolean;
}

/** The secrets, by version, that a worker of each function of the flow reads. */
function secretReadsOfTwoWorkers({ awsCalls }: LocalStack): number {
  const reads = awsCalls.filter(
    ({ service, function: name }) => service === 'secretsmanager' && name.endsWith('-otp'),
  );
  return new Set(reads.map((read) => `${read.function} ${read.secretArn} ${read.versionStage}`)).size;
}

/** Runs one flow on `stack` and prices it. */
export async function costItems(stack: LocalStack): Promise<readonly CostItem[]> {
  const callsBefore = stack.awsCalls.length;
  const bytes = await logBytesOfOneFlow(stack);
  const writes = stack.awsCalls
    .slice(callsBefore)
    .filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init').length;
  const { Resources } = stack.deployment.template;
  const count = (type: string): number => Object.values(Resources).filter(({ Type }) => Type === type).length;
  const perMillion = (
    amount: number,
    price: keyof typeof prices,
    item: string,
    isFixed = false,
  ): CostItem => ({
    item: `${item}, ${prices[price].usd} USD per ${prices[price].unit} (${prices[price].usageType})`,
    usd: amount * prices[price].usd,
    source: prices[price].source,
    isFixed,
  });
  const gbSeconds = ((assumed.requestMs + assumed.verifyMs) / 1000) * assumed.gbOfMemory * million;
  // A million a month is 0.4 flows a second: one worker of each function is busy a tenth of the time. Each reads each
  // version of its secrets once a minute: those that it read at its start.
  const reads = assumed.workersOfEach * secretReadsOfTwoWorkers(stack) * minutesOfMonth;
  const gb = (perFlow: number): number => (perFlow * million) / 1e9;
  return [
    perMillion(2 * million, 'httpApiRequest', 'API Gateway: 2 requests'),
    perMillion(2 * million, 'lambdaRequest', 'Lambda: 2 requests'),
    perMillion(
      gbSeconds,
      'lambdaGbSecond',
      `Lambda: ${assumed.requestMs} + ${assumed.verifyMs} ms of 512 MiB, assumed`,
    ),
    perMillion(writes * million, 'writeUnit', `DynamoDB: ${writes} write units`),
    perMillion(
      gb(assumed.tableBytesPerFlow),
      'tableGbMonth',
      'DynamoDB: storage of a million items for a month',
    ),
    perMillion(
      gb(bytes.functions),
      'logGb',
      `CloudWatch Logs: ${bytes.functions} bytes of log lines and metrics`,
    ),
    perMillion(gb(bytes.access), 'logGb', `CloudWatch Logs: ${bytes.access} bytes of access log`),
    perMillion(
      gb(responseBytes.answers + responseBytes.sms),
      'egressGb',
      'data transfer: answers and the provider’s call',
    ),
    perMillion(
      bytes.metrics,
      'metricMonth',
      `CloudWatch: ${bytes.metrics} metrics that a good flow writes`,
      true,
    ),
    perMillion(count('AWS::CloudWatch::Alarm'), 'alarmMonth', 'CloudWatch: alarms of the template', true),
    perMillion(
      count('AWS::SecretsManager::Secret'),
      'secretMonth',
      'Secrets Manager: secrets of the template',
      true,
    ),
    perMillion(
      reads,
      'secretRead',
      `Secrets Manager: reads of ${assumed.workersOfEach} workers of each function that are always warm, assumed`,
      true,
    ),
  ];
}

/** Lines of the log, embedded metrics included, and of the access log. */
async function logBytesOfOneFlow(stack: LocalStack) {
  const from = stack.logLines.length;
  const phoneNumber = freshNumber();
  const { requestId } = (await call(`${stack.apiUrl}/auth/request-otp`, { body: { phoneNumber } })).json;
  const code = stack.provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  await call(`${stack.apiUrl}/auth/verify-otp`, { body: { requestId, code } });
  const lines = stack.logLines.slice(from).map(({ line }) => line);
  const metrics = lines.flatMap((line) => [...line.matchAll(/"Name":"([^"]+)"/g)].map(([, name]) => name));
  // CloudWatch counts 26 bytes for each event beside its text.
  const functions = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 26, 0);
  const access = 2 * (stack.deployment.accessLogFormat.length + 26);
  return { functions, access, metrics: new Set(metrics).size };
}

/** P7 as a row. */
export function costFigure(items: readonly CostItem[]): Figure {
  const sum = (which: readonly CostItem[]): number => which.reduce((total, { usd }) => total + usd, 0);
  const variable = sum(items.filter(({ isFixed }) => !isFixed));
  const all = sum(items);
  const smsUsd = (smsRupees * million) / rupeesPerUsd;
  const share = all / smsUsd;
  return {
    id: 'P7',
    what: 'price per million verifications without the SMS, ap-south-1',
    goal: `≤ ${maxUsd} USD and ≤ ${(maxShareOfSms * 100).toFixed(2)} % of the SMS`,
    figure: `${all.toFixed(2)} USD, ${(share * 100).toFixed(2)} %`,
    isMet: all <= maxUsd && share <= maxShareOfSms,
    peers: '',
    method: `a model, prices of ${pricesAsOf}: ${variable.toFixed(2)} USD by traffic, ${(all - variable).toFixed(2)} USD of a month that has one million; each item below`,
  };
}
