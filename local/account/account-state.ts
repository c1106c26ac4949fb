/** What the describing services of the local account know: the deployment, what its functions wrote, and what was called. */
import type { Deployment } from '../deployed.ts';

export interface AccountState {
  readonly deployment: Deployment;
  /** Epoch seconds. */
  readonly deployedAt: number;
  readonly apiUrl: string;
  /** The lines of the functions' logs, oldest first. */
  readonly logLines: readonly LogLine[];
  /** The lines of the access log, oldest first. */
  readonly accessLines: readonly { readonly line: string; readonly atMs: number }[];
  /** Metrics that somebody has put by hand. */
  readonly putMetrics: PutMetric[];
  /** Epoch milliseconds of the last call of an AWS service, which a trail would have written down; 0 before the first. */
  readonly lastCallMs: number;
}

export interface LogLine {
  /** The name of the function. */
  readonly function: string;
  readonly line: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

export interface PutMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** A right on one resource. */
interface Right {
  readonly action: string;
  readonly resource: string;
}

/** One operation: the rights that it needs, and its answer. Throws an `AwsError` where there is no such resource. */
interface Operation {
  readonly right: (input: Input, state: AccountState) => Right | readonly Right[];
  readonly answer: (input: Input, state: AccountState) => unknown;
}

export type Input = Readonly<Record<string, unknown>>;

export type Operations = Readonly<Record<string, Operation>>;

/** An ARN in the deployment's region. */
export function arnIn({ deployment: { region } }: AccountState, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:000000000000:${resource}`;
}

/** The resources of a type, with AWS's own names of them. */
export function ofType({ deployment: { resources } }: AccountState, type: string): Deployment['resources'] {
  return resources.filter((resource) => resource.type === type);
}
