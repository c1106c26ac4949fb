/** Alarms for the API and its functions: killed, throttled, slow, with a failed dependency, or with a bug. */
import type { IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { providerDeadlineMs } from '../../functions/settings/fixed-numbers.ts';
import type { Settings } from '../../functions/settings/settings.ts';
import type { LambdaFunction } from '../lambda-function.ts';
import { type DoorcodeMetrics, fiveMinutes } from '../metrics.ts';
import { type AlarmPlan, atFirst } from './alarm.ts';

/** Per five minutes. A few are normal: AWS answers one call in a million late, and the app retries. */
const unavailableThreshold = 5;

/** A sign-in that fails in part counts, too. Where sessions are off, there is none. */
const withoutSession =
  'Code verify-otp.session-unavailable: users sign in, but get no session, so they soon have to sign in again.';

export interface Api {
  /** The functions that the API calls. */
  readonly functions: Readonly<Record<'requestOtp' | 'verifyOtp' | 'wellKnown', LambdaFunction>> & {
    /** Undefined where sessions are off. */
    readonly session: LambdaFunction | undefined;
  };
  /** The latency of its answers in ms, as a percentile such as `p95`. */
  readonly latency: (statistic: string) => IMetric;
  /** The count of its answers with a status of 500 or above. */
  readonly serverErrors: IMetric;
}

/**
 * One of Lambda's own metrics for each function of the API, with the function's name. One metric a function, because a
 * sum would have to fill missing values.
 */
export function ofEachFunction(
  { functions }: Api,
  metricName: 'Errors' | 'Throttles',
): readonly (readonly [entry: string, metric: Metric])[] {
  const entries = [
    ['RequestOtp', functions.requestOtp],
    ['VerifyOtp', functions.verifyOtp],
    ['WellKnown', functions.wellKnown],
    ...(functions.session === undefined ? [] : [['Session', functions.session] as const]),
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
        'Doorcode: Lambda killed this function of the API at its timeout, or it ran out of memory or could not start. Read the ' +
        'end of its log. If it began with a deployment, deploy the version before.',
    })),
    ...ofEachFunction(api, 'Throttles').map(([name, metric]) => ({
      id: `${name}Throttles`,
      metric,
      description:
        'Doorcode: Lambda refused to run this function of the API, because the account’s concurrency or reservedConcurrency is ' +
        'used up. Check whether another function of the account takes it all, and whether the provider is slow ' +
        '(provider.latency), because then requests to it pile up. Raise the quota, or lower requestRatePerSecond.',
    })),
    {
      id: 'ApiSlow',
      metric: api.latency('p95'),
      threshold: providerDeadlineMs,
      periods: 3,
      description:
        'Doorcode: for 15 minutes one answer in twenty took 4 s or more. Look at provider.latency on the dashboard. If it is ' +
        'high, check the provider’s status page. If not, check whether DynamoDB or Secrets Manager has an incident.',
    },
    {
      id: 'Unavailable',
      metric: metrics.of('unavailable'),
      threshold: unavailableThreshold,
      description:
        `Doorcode: more than ${unavailableThreshold} requests in five minutes failed because of something that the function depends on. Read ` +
        'dependency and reason in the log. Dependency a variable: its setting or secret is missing. Dependency table: check ' +
        `whether DynamoDB has an incident or the function lost its right to the table.${api.functions.session === undefined ? '' : ` ${withoutSession}`}`,
    },
    atFirst(metrics, 'CodeKeyUnknown', 'verify-otp.code-key-unknown'),
    atFirst(metrics, 'NoPublicKeys', 'well-known.no-keys'),
    {
      id: 'Fault',
      metric: metrics.of('fault'),
      description:
        'Doorcode: a bug in Doorcode answered a request with 500. Read reason in the log line whose code ends in .fault, and ' +
        'report it. If it began with a deployment, deploy the version before.',
    },
    ...(takesForeignTokens ? [atFirst(metrics, 'ForeignKeysUnavailable', 'admission.keys-unavailable')] : []),
  ];
}
