/**
 * Faults in front of the AWS endpoint, which the functions cannot tell from real ones. A fault says which calls it
 * means, how many to let pass first, and how many to hit; without a count it lasts until it is cleared.
 */

export type FaultMode =
  | 'refuse'
  | 'throttle'
  | 'error-500'
  | 'garbage'
  | 'hang'
  | 'reset'
  /** The call is carried out, and its answer never arrives. */
  | 'lose-answer';

interface Fault {
  readonly service: 'dynamodb' | 'secretsmanager';
  readonly mode: FaultMode;
  readonly action?: string;
  /** The name of a function, such as `verify-otp`. */
  readonly function?: string;
  readonly skip?: number;
  readonly times?: number;
}

export interface AwsCall {
  readonly service: 'dynamodb' | 'secretsmanager';
  readonly action: string;
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

function means(fault: Fault, call: AwsCall): boolean {
  return (
    fault.service === call.service &&
    (fault.action === undefined || fault.action === call.action) &&
    (fault.function === undefined || fault.function === call.function)
  );
}
