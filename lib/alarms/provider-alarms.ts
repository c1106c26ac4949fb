/** Alarms for the provider: its account, its failures, and a breaker that has opened. */
import type { DoorcodeMetrics } from '../metrics.ts';
import { type AlarmPlan, atFirst } from './alarm.ts';

/** Per five minutes. A few are normal, because a carrier fails now and then. */
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
        `Doorcode: more than ${troubleThreshold} SMS in five minutes failed or had an unknown outcome. Look at the codes on Doorcode’s ` +
        'dashboard, then at the provider’s status page and dashboard. For provider-throttled, ask for a higher rate or lower ' +
        'requestRatePerSecond. For provider-unreachable, check whether its name resolves. The app told its users to try again.',
    },
    atFirst(metrics, 'ProviderBreaker', 'request-otp.provider-breaker'),
  ];
}
