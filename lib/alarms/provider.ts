/** Alarms for the provider: its account, its state, and whether our breaker has given it a rest. */
import type { DoorcodeMetrics } from '../metrics.ts';
import { type AlarmPlan, atFirst } from './alarm.ts';

/** In five minutes; a carrier fails now and then. */
const troubleThreshold = 10;

/** The alarms of this theme. */
export function providerAlarms(metrics: DoorcodeMetrics): readonly AlarmPlan[] {
  return [
    atFirst(metrics, 'ProviderAccount', 'request-otp.provider-account'),
    atFirst(metrics, 'ProviderBalance', 'request-otp.provider-balance'),
    atFirst(metrics, 'ProviderRequest', 'request-otp.provider-request'),
    {
      id: 'ProviderTrouble',
      metric: metrics.of('provider-trouble'),
      threshold: troubleThreshold,
      description:
        `Doorcode: more than ${troubleThreshold} SMS in five minutes failed, or nobody knows. See which code on the dashboard, then the ` +
        'provider’s status page and dashboard; provider-throttled: ask for a higher rate, or lower requestRatePerSecond; ' +
        'provider-unreachable: see whether its name resolves. The app has told its users to try again.',
    },
    {
      id: 'ProviderBreaker',
      metric: metrics.of('request-otp.provider-breaker'),
      description:
        'Doorcode: a worker sends nothing for a few seconds, because the provider failed several times in a row or refuses our ' +
        'account; it tries again by itself. If it goes on: see the codes provider-… in the log and the provider’s status page.',
    },
  ];
}
