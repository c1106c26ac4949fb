/** The table of StartMessaging's answers: each row names the fake's switch and what the answer means for Doorcode. */
import type { ControlChange } from '../local/startmessaging/control.ts';
import type { ProviderFaultName } from '../local/startmessaging/provider-faults.ts';

/** The meaning of a row: the app's answer, and which counts are given back. */
export type Meaning = 'sent' | 'unconfirmed' | 'failed' | 'refused' | 'number-limited';

export interface ProviderRow {
  readonly row: string;
  readonly change: (phoneNumber: string) => ControlChange;
  readonly meaning: Meaning;
  /** Message code of the decision. */
  readonly code: string;
  /** The wait that the app is told, where the provider's answer sets it. */
  readonly retryAfterSeconds?: number;
}

const fault = (
  name: ProviderFaultName,
  meaning: Meaning,
  code: string,
  retryAfterSeconds?: number,
): ProviderRow => ({
  row: `fault ${name}`,
  change: () => ({ fault: { name } }),
  meaning,
  code: `request-otp.${code}`,
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});

const account = (row: string, change: ControlChange, code: string): ProviderRow => ({
  row,
  change: () => change,
  meaning: 'refused',
  code: `request-otp.${code}`,
});

/** A row whose meaning depends on the profile is a function of it. */
export const providerRows = (profile: 'observed' | 'documented'): readonly ProviderRow[] => [
  { row: 'accepted', change: () => ({}), meaning: 'sent', code: 'request-otp.sent' },
  account('key revoked', { revokeKey: 'first' }, 'provider-key'),
  account(
    'account suspended',
    { account: 'suspended' },
    profile === 'observed' ? 'provider-key' : 'provider-account',
  ),
  account(
    'address not on the list',
    { callers: ['192.0.2.1'] },
    profile === 'observed' ? 'provider-key' : 'provider-account',
  ),
  account('account not approved', { account: 'unapproved' }, 'provider-account'),
  account('balance too low', { balance: 0 }, 'provider-balance'),
  {
    row: 'number spent by other customers',
    change: (exhaustNumber) => ({ exhaustNumber }),
    meaning: 'number-limited',
    code: 'request-otp.limited-by-provider',
    retryAfterSeconds: 300,
  },
  fault('401', 'refused', 'provider-key'),
  fault('403', 'refused', 'provider-account'),
  fault('400-validation', 'refused', 'provider-request'),
  fault('old-message', 'refused', 'provider-request'),
  fault('old-error', 'refused', 'provider-request'),
  fault('400-balance', 'refused', 'provider-balance'),
  fault('402-balance', 'refused', 'provider-balance'),
  fault('400-number-limit', 'number-limited', 'limited-by-provider', 300),
  fault('429-number-limit', 'number-limited', 'limited-by-provider', 120),
  fault('429-throttle', 'refused', 'provider-throttled', 7),
  fault('400-carrier', 'refused', 'provider-carrier'),
  fault('502-carrier', 'refused', 'provider-carrier'),
  fault('503-carrier', 'refused', 'provider-carrier'),
  ...(
    [
      '500',
      '502',
      '503',
      '504',
      'html',
      'empty',
      'truncated',
      'wrong-types',
      'huge',
      '200-no',
      '202',
      'redirect',
      '404',
      '408',
      '409',
      '413',
      '415',
    ] as const
  ).map((name) => fault(name, 'failed', 'provider-failed')),
  ...(['reset-before', 'reset-after', 'hang-before', 'hang-after', 'trickle'] as const).map((name) =>
    fault(name, 'unconfirmed', 'unconfirmed'),
  ),
];
