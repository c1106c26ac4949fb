/**
 * The dashboard: the cost, the refusals, then the state of the provider. It has at most 50 metrics, because an account
 * gets three dashboards of that size for free. A test counts them.
 * https://aws.amazon.com/cloudwatch/pricing/
 *
 * The file is long because it is a list of graphs, in the order in which they stand on the page.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import {
  Dashboard as CdkDashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MessageCode } from '../functions/runtime/message-codes.ts';
import { metricGroups } from '../functions/runtime/metric-groups.ts';
import type { Settings } from '../functions/settings/settings.ts';
import { conversionPercent } from './alarms/abuse-alarms.ts';
import { type Api, ofEachFunction } from './alarms/function-alarms.ts';
import { type DoorcodeMetrics, fiveMinutes, metricsOf, oneDay } from './metrics.ts';
import { smsPriceRupees } from './sms-price.ts';

export interface DashboardProps {
  readonly settings: Settings;
  readonly api: Api;
}

/** A third of the dashboard's width, which is 24. */
const third = 8;

/** The dashboard for the person on call. */
export class Dashboard extends Construct {
  /** The dashboard's address in the AWS console. */
  readonly url: string;

  constructor(scope: Construct, id: string, { settings, api }: DashboardProps) {
    super(scope, id);
    const metrics = metricsOf(this);
    const { region } = Stack.of(this);
    const dashboard = new CdkDashboard(this, 'Page', {
      defaultInterval: Duration.days(1),
      widgets: [
        [text()],
        [
          graph('Codes sent and typed in', codes(metrics, ['request-otp.sent', 'verify-otp.verified'])),
          graph('Typed in, % of an hour’s SMS', [
            conversionPercent(metrics, Duration.hours(1), settings.conversionBreaker.minSendsPerHour),
          ]),
          graph(`Cost of the day, Rs (${smsPriceRupees} an SMS)`, [rupees(metrics)], { start: '-P14D' }),
        ],
        [
          graph('Refused: limits', codes(metrics, limits)),
          graph('Refused: budget, breakers, kill switch', codes(metrics, slowdowns)),
          graph('Wrong codes', codes(metrics, guesses)),
        ],
        [
          graph('Provider: outcomes', codes(metrics, providerOutcomes)),
          graph('Provider: latency, ms', [
            metrics.of('provider.latency', { statistic: 'p50', label: 'p50' }),
            metrics.of('provider.latency', { statistic: 'p95', label: 'p95' }),
          ]),
          graph('Provider: uses by key version', [usesByVersion(Stack.of(this).stackName)]),
        ],
        [
          graph('API: latency, ms', [api.latency('p50'), api.latency('p95')]),
          graph('API: 5xx; functions killed or throttled', [
            api.serverErrors,
            // Without those of `session`, which has alarms: with them there would be more metrics than cost nothing.
            ...labelled(api, 'Errors'),
            ...labelled(api, 'Throttles'),
          ]),
          graph('Test numbers, controls', codes(metrics, controls)),
        ],
        ...ofSessions(metrics, api),
      ],
    });
    const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
    this.url = `${console}#dashboards/dashboard/${dashboard.dashboardName}`;
  }
}

/** The row of sessions, where there are any. A refresh writes no line and no count of ours, so Lambda counts the calls. */
function ofSessions(metrics: DoorcodeMetrics, { functions: { session } }: Api): readonly GraphWidget[][] {
  if (session === undefined) return [];
  const { function: lambda } = session;
  const calls = lambda.metricInvocations({ period: fiveMinutes, statistic: 'Sum', label: 'calls' });
  return [
    [
      graph('Sessions: calls, nearly all of them refreshes', [calls]),
      graph('Sessions: ended by a later sign-in, or from another device', codes(metrics, endings)),
      graph('Sessions: tokens used twice', codes(metrics, ['session.reuse'])),
    ],
  ];
}

const endings = ['verify-otp.sessions-evicted', 'session.ended'] as const;

const limits = [
  'request-otp.limited-by-address',
  'request-otp.limited-by-block',
  'request-otp.limited-by-sends',
  'request-otp.limited-by-attempts',
  'request-otp.limited-by-provider',
  'request-otp.denied',
] as const;

const slowdowns = [
  'request-otp.budget-spent',
  'request-otp.slowed',
  'request-otp.unproven',
  'request-otp.switched-off',
  'request-otp.paused',
  'request-otp.provider-breaker',
] as const;

const guesses = [
  'verify-otp.incorrect',
  'verify-otp.too-many-attempts',
  'verify-otp.forged',
  'verify-otp.slowed',
  'verify-otp.guesses-high',
] as const;

const providerOutcomes = [
  ...metricGroups['provider-trouble'],
  'request-otp.provider-key',
  'request-otp.provider-account',
  'request-otp.provider-balance',
  'request-otp.provider-request',
] as const;

const controls = [
  'request-otp.test-number',
  'request-otp.test-number-refused',
  'verify-otp.test-number',
  'request-otp.controls-unreadable',
] as const;

function codes(metrics: DoorcodeMetrics, names: readonly MessageCode[]): readonly IMetric[] {
  return names.map((name) => metrics.of(name, { label: name }));
}

function labelled(api: Api, metricName: 'Errors' | 'Throttles'): readonly IMetric[] {
  const { functions } = api;
  const others = { ...api, functions: { ...functions, session: undefined } };
  return ofEachFunction(others, metricName).map(([name, metric]) =>
    metric.with({ label: `${name} ${metricName}` }),
  );
}

/** The highest possible cost of a day's SMS, in rupees. */
function rupees(metrics: DoorcodeMetrics): IMetric {
  return new MathExpression({
    expression: `${smsPriceRupees} * paid`,
    usingMetrics: { paid: metrics.of('sms-paid', { period: oneDay }) },
    period: oneDay,
    label: 'at most',
  });
}

/** `start` is how far this graph looks back (ISO 8601); by default as far as the whole dashboard. */
function graph(title: string, left: readonly IMetric[], more: { readonly start?: string } = {}): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: third, height: 6, ...more });
}

/** A search expression, because versions come and go and it finds the ones that exist. */
function usesByVersion(stackName: string): IMetric {
  return new MathExpression({
    expression: `SEARCH('{Doorcode,service,versionId} MetricName="provider-key.used" service="${stackName}"', 'Sum', ${fiveMinutes.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period: fiveMinutes,
  });
}

function text(): TextWidget {
  return new TextWidget({
    width: 3 * third,
    height: 2,
    markdown:
      'Each name is a message code. docs/on-call.md says what it means and what to do. ' +
      'Kill switch: `npm run controls -- sending returning-devices` or `nobody`.',
  });
}
