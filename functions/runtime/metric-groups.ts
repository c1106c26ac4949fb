/**
 * What several codes have in common and an alarm watches: one metric that each decision of the group counts, too. A sum
 * of the codes' own metrics would have to fill those that were never written, and how an alarm's expression does that is
 * documented nowhere.
 */
import type { MessageCode } from './message-codes.ts';

/** The codes of each group; the group's name is its metric. */
export const metricGroups = {
  /** Something that a function needs did not work. */
  unavailable: [
    'request-otp.unavailable',
    'request-otp.reserve-unknown',
    'verify-otp.unavailable',
    'well-known.unavailable',
  ],
  /** A bug of ours. */
  fault: ['request-otp.fault', 'verify-otp.fault', 'well-known.fault'],
  /** What the provider or the way to it did wrong, and nobody here. */
  'provider-trouble': [
    'request-otp.unconfirmed',
    'request-otp.provider-failed',
    'request-otp.provider-throttled',
    'request-otp.provider-carrier',
    'request-otp.provider-unreachable',
  ],
  /** After which an SMS is, or may be, paid for. */
  'sms-paid': ['request-otp.sent', 'request-otp.unconfirmed', 'request-otp.provider-failed'],
} as const satisfies Readonly<Record<string, readonly MessageCode[]>>;

/** 1 for a code that was typed in and 0 for one that was sent: it has a value whenever either happened. */
const typedIn = 'typed-in';

/** The name of a group's metric. */
export type MetricGroup = keyof typeof metricGroups | typeof typedIn;

/** Every metric that a decision counts, and by how much. */
export function countedBy(code: MessageCode): readonly (readonly [MessageCode | MetricGroup, 0 | 1])[] {
  const groups = Object.entries(metricGroups) as [MetricGroup, readonly MessageCode[]][];
  return [
    [code, 1],
    ...groups.filter(([, codes]) => codes.includes(code)).map(([group]) => [group, 1] as const),
    ...(code === 'request-otp.sent' ? [[typedIn, 0] as const] : []),
    ...(code === 'verify-otp.verified' ? [[typedIn, 1] as const] : []),
  ];
}
