/**
 * Prices of ap-south-1 (Mumbai), in US dollars, of September 2026, without the free tier. The AWS Price List API was not
 * reachable, so no price comes from it. A `quoted` price comes from a public repository that quotes the API with the usage
 * type. An `unverified` price comes from memory of AWS's public pages. Look it up before you rely on it.
 */
interface Price {
  readonly usd: number;
  /** What one of it is. */
  readonly unit: string;
  readonly usageType: string;
  readonly source: 'quoted' | 'unverified';
}

const quoted = (usd: number, unit: string, usageType: string): Price => ({
  usd,
  unit,
  usageType,
  source: 'quoted',
});
const unverified = (usd: number, unit: string, usageType: string): Price => ({
  ...quoted(usd, unit, usageType),
  source: 'unverified',
});

export const pricesAsOf = '2026-09';

export const prices = {
  httpApiRequest: quoted(1.05e-6, 'request', 'APS3-ApiGatewayHttpRequest'),
  lambdaRequest: quoted(2e-7, 'request', 'APS3-Request'),
  lambdaGbSecond: quoted(0.0000133334, 'GB-s, arm64', 'APS3-Lambda-GB-Second-ARM'),
  writeUnit: quoted(7.1e-7, 'write request unit', 'APS3-WriteRequestUnits'),
  tableGbMonth: quoted(0.285, 'GB-month', 'APS3-TimedStorage-ByteHrs'),
  logGb: quoted(0.67, 'GB of log', 'APS3-DataProcessing-Bytes'),
  alarmMonth: quoted(0.1, 'alarm and month', 'APS3-CW:AlarmMonitorUsage'),
  metricMonth: unverified(0.3, 'metric and month', 'APS3-CW:MetricMonitorUsage'),
  secretMonth: unverified(0.4, 'secret and month', 'APS3-AWSSecretsManager-Secrets'),
  secretRead: unverified(5e-6, 'call', 'APS3-AWSSecretsManagerAPIRequest'),
  egressGb: unverified(0.1093, 'GB to the internet', 'APS3-DataTransfer-Out-Bytes'),
} as const satisfies Readonly<Record<string, Price>>;
