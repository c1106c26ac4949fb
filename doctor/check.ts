/** A check: what it needs, what it would do, and how it looks. Each file of `checks/` has one. */
import type { Addresses } from './api.ts';
import type { Clients } from './clients.ts';
import type { DeployedStack } from './deployed-stack.ts';
import type { NameLookUp } from './dns.ts';
import type { Finding } from './finding.ts';
import type { Probes } from './probes.ts';
import type { Read } from './reading.ts';
import type { Right } from './right.ts';

/** Everything a check looks at. */
export interface Examination {
  readonly stack: DeployedStack;
  readonly addresses: Addresses;
  readonly probes: Probes;
  readonly clients: Clients;
  readonly read: Read;
  /** DNS; undefined for the local stack, which has none. */
  readonly names: NameLookUp | undefined;
  /** How slow the slowest fetch of a document may be, in milliseconds. */
  readonly authorizerMs: number;
  /** How long to wait for a line that a call just made has written, in milliseconds. */
  readonly lineMs: number;
  /** Ends whatever the check waits for. */
  readonly signal: AbortSignal;
  /** Epoch seconds. */
  readonly now: number;
}

export interface Check {
  /** One or two words, the first column of the report. */
  readonly name: string;
  /** What it needs of IAM for this stack; it can make no other call. */
  readonly rights: (stack: DeployedStack) => readonly Right[];
  /**
   * What it does besides reading, in sentences for a person who is asked first; empty where it has nothing to do. Absent
   * for a check that only reads.
   */
  readonly asks?: (stack: DeployedStack) => readonly string[];
  /** Looks. Throws `Untold` where it cannot tell. */
  readonly look: (examination: Examination) => Promise<readonly Finding[]>;
}

/** The mend of whatever differs from the template. */
export const deployAgain =
  'Find out in CloudTrail who changed it, then change it back: a deployment without a change does not.';
