/**
 * Faults that a test injects in front of the AWS endpoint. The functions cannot tell them from real ones. A fault says
 * which calls it hits, how many pass first, and how many it hits. Without a count it lasts until the test clears it.
 */

/** Faults that answer in place of the service, which never gets the call. */
const instead = ['refuse', 'throttle', 'error-500', 'garbage', 'hang', 'reset'] as const;

/** Faults of the answer to a call that the service carries out. */
const afterwards = [
  /** The answer never arrives. */
  'lose-answer',
  /** The answer begins and then stops. */
  'stall',
  /** The answer arrives one byte at a time. */
  'trickle',
  /** The answer comes just before the caller's timeout. */
  'slow',
  /** The service carries out the call after the caller has given up. */
  'late',
] as const;

/** Every way to fail. */
export const faultModes = [...instead, ...afterwards] as const;

export type InsteadMode = (typeof instead)[number];
export type AfterwardsMode = (typeof afterwards)[number];
export type FaultMode = (typeof faultModes)[number];

/** A fault. It hits a call that equals it in each given member. */
interface Fault extends Partial<AwsCall> {
  readonly service: AwsCall['service'];
  readonly mode: FaultMode;
  readonly skip?: number;
  readonly times?: number;
}

export interface AwsCall {
  readonly service: 'dynamodb' | 'secretsmanager';
  readonly action: string;
  /** The name of a function, such as `verify-otp`. */
  readonly function: string;
  /** The part of the partition key before its first `#`, such as `phone`. */
  readonly keyPrefix: string | undefined;
  /** The secret and the version in a call to Secrets Manager. */
  readonly secretArn?: string;
  readonly versionStage?: string | undefined;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The mode that hits this call, if any. */
  hit(call: AwsCall): FaultMode | undefined;
  /** How many calls were hit since the last `clear`. */
  hits(): number;
}

/** Creates an empty set of faults. */
export function createFaults(): Faults {
  const active = new Set<{ fault: Fault; skip: number; left: number }>();
  let hits = 0;
  return {
    add: (fault) => {
      active.add({ fault, skip: fault.skip ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      active.clear();
      hits = 0;
    },
    hits: () => hits,
    hit: (call) => {
      const entry = [...active].find(({ fault }) => means(fault, call));
      if (entry === undefined) return undefined;
      if (entry.skip > 0) {
        entry.skip -= 1;
        return undefined;
      }
      entry.left -= 1;
      hits += 1;
      if (entry.left <= 0) active.delete(entry);
      return entry.fault.mode;
    },
  };
}

/** Whether the service never gets the call. */
export function isInstead(mode: FaultMode): mode is InsteadMode {
  return instead.some((other) => other === mode);
}

function means({ mode: _, skip: __, times: ___, ...wanted }: Fault, call: AwsCall): boolean {
  return isCall(wanted, call);
}

/** Whether `call` equals `wanted` in every member that `wanted` has. */
export function isCall(wanted: Partial<AwsCall>, call: AwsCall): boolean {
  return (['service', 'action', 'function', 'keyPrefix', 'secretArn', 'versionStage'] as const).every(
    (name) => wanted[name] === undefined || wanted[name] === call[name],
  );
}
