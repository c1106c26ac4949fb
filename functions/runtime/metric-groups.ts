/**
 * Groups of message codes that one alarm watches. Each decision of a group also counts in the group's own metric. A sum of
 * the codes' metrics would have to fill those that were never written, and AWS does not document how an alarm's expression
 * does that.
 */
import type { MessageCode } from './message-codes.ts';

/** The codes of each group; the group's name is its metric. */
export const metricGroups = {
  /** A dependency of a function failed: the request got 503, or less than it asked for. */
  unavailable: [
    'request-otp.unavailable',
    'request-otp.reserve-unknown',
    'verify-otp.unavailable',
    'verify-otp.session-unavailable',
    'well-known.unavailable',
    'session.unavailable',
    'session.secret-outdated',
    'session.controls-unreadable',
    'session.damaged',
  ],
  /** A bug in Doorcode. */
  fault: ['request-otp.fault', 'verify-otp.fault', 'well-known.fault', 'session.fault'],
  /** Failures of the provider, or of the network to it. */
  'provider-trouble': [
    'request-otp.unconfirmed',
    'request-otp.provider-failed',
    'request-otp.provider-throttled',
    'request-otp.provider-carrier',
    'request-otp.provider-unreachable',
  ],
  /** Decisions after which the provider bills an SMS, or may bill one. */
  'sms-paid': ['request-otp.sent', 'request-otp.unconfirmed', 'request-otp.provider-failed'],
} as const satisfies Readonly<Record<string, readonly MessageCode[]>>;

/** Counts 1 for a code that was typed in and 0 for one that was sent, so the metric has a value after either. */
const typedIn = 'typed-in';

/** The name of a group's metric. */
export type MetricGroup = keyof typeof metricGroups | typeof typedIn;

/** The metrics that a decision counts, each with its count. */
export function countedBy(code: MessageCode): readonly (readonly [MessageCode | MetricGroup, 0 | 1])[] {
  const groups = Object.entries(metricGroups) as [MetricGroup, readonly MessageCode[]][];
  return [
    [code, 1],
    ...groups.filter(([, codes]) => codes.includes(code)).map(([group]) => [group, 1] as const),
    ...(code === 'request-otp.sent' ? [[typedIn, 0] as const] : []),
    ...(code === 'verify-otp.verified' ? [[typedIn, 1] as const] : []),
  ];
}
