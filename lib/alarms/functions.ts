/** Alarms for the API and its functions: killed, throttled, slow, without what they need, or with a bug. */
import type { IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { providerDeadlineMs } from '../../functions/settings/fixed-numbers.ts';
import type { Settings } from '../../functions/settings/settings.ts';
import type { LambdaFunction } from '../lambda-function.ts';
import { type DoorcodeMetrics, fiveMinutes } from '../metrics.ts';
import { type AlarmPlan, atFirst } from './alarm.ts';

/** In five minutes: AWS answers a call in a million late, and the app tries again. */
const unavailableThreshold = 5;

export interface Api {
  /** The functions that the API calls. */
  readonly functions: Readonly<Record<'requestOtp' | 'verifyOtp' | 'wellKnown', LambdaFunction>>;
  /** How long its answers take, as a percentile such as `p95`, in ms. */
  readonly latency: (statistic: string) => IMetric;
  /** Its answers from 500 on. */
  readonly serverErrors: IMetric;
}

/** One of Lambda's own metrics for each function of the API, with its name: a sum would have to fill missing values. */
export function ofEachFunction(
  { functions }: Api,
  metricName: 'Errors' | 'Throttles',
): readonly (readonly [entry: string, metric: Metric])[] {
  const entries = [
    ['RequestOtp', functions.requestOtp],
    ['VerifyOtp', functions.verifyOtp],
    ['WellKnown', functions.wellKnown],
  ] as const;
  return entries.map(([name, { function: lambda }]) => [
    name,
    lambda.metric(metricName, { statistic: 'Sum', period: fiveMinutes }),
  ]);
}

/** The alarms of this theme. */
export function functionAlarms(
  metrics: DoorcodeMetrics,
  { api, settings }: { readonly api: Api; readonly settings: Settings },
): readonly AlarmPlan[] {
  const takesForeignTokens = settings.session !== undefined || settings.attestation !== undefined;
  return [
    ...ofEachFunction(api, 'Errors').map(([name, metric]) => ({
      id: `${name}Errors`,
      metric,
      description:
        'Doorcode: this function of the API was killed at its timeout, ran out of memory or could not start. See the end of ' +
        'its log; if it began with a deployment, deploy the version before.',
    })),
    ...ofEachFunction(api, 'Throttles').map(([name, metric]) => ({
      id: `${name}Throttles`,
      metric,
      description:
        'Doorcode: Lambda refused to run this function of the API: the account’s concurrency, or reservedConcurrency, is used ' +
        'up. Raise the quota, or lower requestRatePerSecond; see whether another function of the account takes it all, and ' +
        'whether the provider hangs (provider.latency): then requests to it pile up.',
    })),
    {
      id: 'ApiSlow',
      metric: api.latency('p95'),
      threshold: providerDeadlineMs,
      periods: 3,
      description:
        'Doorcode: for 15 minutes one answer in twenty took 4 s or more. Compare provider.latency on the dashboard: if that is ' +
        'high, see the provider’s status page; if not, see whether DynamoDB or Secrets Manager has an incident.',
    },
    {
      id: 'Unavailable',
      metric: metrics.of('unavailable'),
      threshold: unavailableThreshold,
      description:
        `Doorcode: more than ${unavailableThreshold} requests in five minutes met something that did not work; dependency and reason in the log ` +
        'name it. A variable: its setting or secret is missing. table: see whether DynamoDB has an incident, or the ' +
        'function lost its right to the table.',
    },
    atFirst(metrics, 'CodeKeyUnknown', 'verify-otp.code-key-unknown'),
    atFirst(metrics, 'NoPublicKeys', 'well-known.no-keys'),
    {
      id: 'Fault',
      metric: metrics.of('fault'),
      description:
        'Doorcode: a bug of ours answered somebody 500. Read reason in the line with the code ….fault, and report it; if it ' +
        'began with a deployment, deploy the version before.',
    },
    ...(takesForeignTokens ? [atFirst(metrics, 'ForeignKeysUnavailable', 'admission.keys-unavailable')] : []),
  ];
}
