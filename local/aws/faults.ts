/**
 * Faults in front of the AWS endpoint, which the functions cannot tell from real ones. A fault says which calls it
 * means, how many to let pass first, and how many to hit; without a count it lasts until it is cleared.
 */

/** Faults that answer instead of the service: the call is not carried out. */
const instead = ['refuse', 'throttle', 'error-500', 'garbage', 'hang', 'reset'] as const;

/** Faults of the answer to a call that is carried out. */
const afterwards = [
  /** It never arrives. */
  'lose-answer',
  /** It begins, and does not go on. */
  'stall',
  /** It begins, and goes on a byte at a time. */
  'trickle',
  /** It comes just in time. */
  'slow',
  /** The call is carried out when whoever made it has given it up. */
  'late',
] as const;

/** Every way to fail. */
export const faultModes = [...instead, ...afterwards] as const;

export type InsteadMode = (typeof instead)[number];
export type AfterwardsMode = (typeof afterwards)[number];
export type FaultMode = (typeof faultModes)[number];

/** A fault; each member that is given must be that of the call. */
export interface Fault extends Partial<AwsCall> {
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
  /** What stands before the first `#` of the partition key, such as `phone`; never the whole of it. */
  readonly keyPrefix: string | undefined;
  /** Which secret, and which version of it, for a call to Secrets Manager. */
  readonly secretArn?: string;
  readonly versionStage?: string | undefined;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The mode that hits this call, if any. */
  hit(call: AwsCall): FaultMode | undefined;
}

/** No faults yet. */
export function createFaults(): Faults {
  const active = new Set<{ fault: Fault; skip: number; left: number }>();
  return {
    add: (fault) => {
      active.add({ fault, skip: fault.skip ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => active.clear(),
    hit: (call) => {
      const entry = [...active].find(({ fault }) => means(fault, call));
      if (entry === undefined) return undefined;
      if (entry.skip > 0) {
        entry.skip -= 1;
        return undefined;
      }
      entry.left -= 1;
      if (entry.left <= 0) active.delete(entry);
      return entry.fault.mode;
    },
  };
}

/** Whether the fault leaves the call undone. */
export function isInstead(mode: FaultMode): mode is InsteadMode {
  return instead.some((other) => other === mode);
}

function means({ mode: _, skip: __, times: ___, ...wanted }: Fault, call: AwsCall): boolean {
  return isCall(wanted, call);
}

/** Whether every member of `wanted` that is given is that of `call`. */
export function isCall(wanted: Partial<AwsCall>, call: AwsCall): boolean {
  return (['service', 'action', 'function', 'keyPrefix', 'secretArn', 'versionStage'] as const).every(
    (name) => wanted[name] === undefined || wanted[name] === call[name],
  );
}
