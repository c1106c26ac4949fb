/**
 * The values that a run must not leak, and everything that it wrote. The suites fill the ledger, and the scanner of R7
 * reads it. Each text has the place it comes from. A kind of value is allowed only in the places where it belongs.
 */

/** What must be found nowhere but where it belongs. */
export type CanaryKind =
  | 'number'
  | 'code'
  | 'provider key'
  | 'identity secret'
  | 'code secret'
  | 'signing key'
  | 'token'
  | 'request id'
  | 'idempotency key'
  | 'device token'
  | 'session secret'
  | 'refresh token'
  | 'session name'
  | 'attempt';

export type Place = 'log' | 'metric' | 'access log' | 'answer' | 'stored item' | 'CloudFormation';

export interface Canary {
  readonly kind: CanaryKind;
  readonly value: string;
}

export interface Ledger {
  readonly canaries: readonly Canary[];
  readonly texts: readonly { readonly place: Place; readonly text: string }[];
  protect(kind: CanaryKind, value: string): void;
  wrote(place: Place, text: string): void;
}

/** An empty ledger. */
export function openLedger(): Ledger {
  const canaries = new Map<string, Canary>();
  const texts: { place: Place; text: string }[] = [];
  return {
    get canaries() {
      return [...canaries.values()];
    },
    texts,
    protect: (kind, value) => {
      canaries.set(`${kind} ${value}`, { kind, value });
    },
    wrote: (place, text) => {
      texts.push({ place, text });
    },
  };
}
