/**
 * Examines a deployment: reads the stack, makes the calls of an app, and runs every check. A check that fails by a bug of
 * its own ends the command; everything else is a finding.
 */
import { issuerOf } from './api.ts';
import type { Check, Examination } from './check.ts';
import { checks } from './checks.ts';
import type { Clients } from './clients.ts';
import type { DeployedStack } from './deployed-stack.ts';
import type { NameLookUp } from './dns.ts';
import { type Finding, type Told, untold } from './finding.ts';
import { probe } from './probes.ts';
import { readStack, rightsToRead } from './read-stack.ts';
import { openReading, Untold } from './reading.ts';
import { policyOf, type Right } from './right.ts';

export interface Examining {
  readonly stackName: string;
  readonly clients: Clients;
  readonly names: NameLookUp | undefined;
  /** How long to wait for the first signing key, in milliseconds; 0 does not wait. */
  readonly firstKeyMs: number;
  /** How slow a document of the issuer may be, in milliseconds; by default as API Gateway's authorizer has it. */
  readonly authorizerMs?: number;
  /** How long to wait for the log lines of the calls just made, in milliseconds. */
  readonly lineMs?: number;
  /** What to do about a check that does more than read: leave it out, or ask. */
  readonly beyondReading: 'leave-out' | ((sentences: readonly string[]) => Promise<boolean>);
  readonly onProgress: (step: string) => void;
  /** The person has pressed Ctrl-C. */
  readonly interrupted: AbortSignal;
}

export interface Examined {
  /** Undefined where the stack could not be read. */
  readonly stack: DeployedStack | undefined;
  readonly findings: readonly Told[];
}

/** One call, all tries together. */
const callMs = 25_000;
/** A line of a log shows within seconds, seldom within a minute. */
const usualLineMs = 60_000;
/** API Gateway's JWT authorizer gives up after this time. */
const usualAuthorizerMs = 1_500;
/** All checks together, without the wait for the first key. */
const allMs = 10 * 60_000;

/** Runs all checks. Rejects at Ctrl-C, and where AWS refuses the credentials. */
export async function examine(examining: Examining): Promise<Examined> {
  const { clients, onProgress, interrupted, firstKeyMs } = examining;
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(allMs + firstKeyMs)]);
  const stack = await openStack(examining, signal);
  if (stack instanceof Untold)
    return { stack: undefined, findings: [{ check: 'stack', ...untold(stack.message) }] };
  const { apiEndpoint: apiUrl } = stack;
  const addresses = { apiUrl, issuer: issuerOf(stack) ?? apiUrl };
  onProgress(`calling ${apiUrl}`);
  const probes = await probe(addresses, { signal, firstKeyMs, onProgress });
  const findings: Told[] = [];
  for (const check of checks) {
    const read = openReading(check.rights(stack), { signal, callMs });
    const now = Math.floor(Date.now() / 1000);
    const { names, lineMs = usualLineMs, authorizerMs = usualAuthorizerMs } = examining;
    const bounds = { lineMs, authorizerMs, signal };
    const examination = { stack, addresses, probes, clients, read, names, now, ...bounds };
    findings.push(...(await findingsOf(check, { examination, examining })));
    interrupted.throwIfAborted();
  }
  return { stack, findings };
}

/** The stack, or why it cannot be read. */
export function openStack(
  { stackName, clients, onProgress }: Pick<Examining, 'stackName' | 'clients' | 'onProgress'>,
  signal: AbortSignal,
): Promise<DeployedStack | Untold> {
  onProgress('reading the stack');
  return orUntold(readStack(stackName, clients, openReading(rightsToRead(stackName), { signal, callMs })));
}

interface Running {
  readonly examination: Examination;
  readonly examining: Examining;
}

async function findingsOf(
  check: Check,
  { examination, examining: { beyondReading, onProgress, interrupted } }: Running,
): Promise<readonly Told[]> {
  const named = (found: readonly Finding[]): readonly Told[] =>
    found.map((finding) => ({ check: check.name, ...finding }));
  const asks = check.asks?.(examination.stack) ?? [];
  if (asks.length > 0) {
    if (beyondReading === 'leave-out') return [];
    if (!(await beyondReading(asks)))
      return named([untold('it does more than read, and nobody agreed to it: add --yes')]);
  }
  onProgress(check.name);
  const found = await orUntold(check.look(examination)).catch((error: unknown) => {
    interrupted.throwIfAborted();
    if (!examination.signal.aborted) throw error;
    return new Untold('the time for all checks was over, run it again');
  });
  return named(found instanceof Untold ? [untold(found.message)] : found);
}

/** The result, or the `Untold` in its place. */
async function orUntold<T>(result: Promise<T>): Promise<T | Untold> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof Untold) return error;
    throw error;
  }
}

/** The rights of every check, and of reading the stack itself. */
function allRights(stack: DeployedStack, beyondReading: boolean): readonly Right[] {
  return [
    ...rightsToRead(stack.name, stack),
    ...checks
      .filter(({ asks }) => beyondReading || asks === undefined)
      .flatMap((check) => check.rights(stack)),
  ];
}

/** The policy for whoever runs the command on this stack. Every identity has `sts:GetCallerIdentity` already. */
export function readersPolicy(stack: DeployedStack, beyondReading: boolean): ReturnType<typeof policyOf> {
  return policyOf(allRights(stack, beyondReading).filter(({ action }) => action !== 'sts:GetCallerIdentity'));
}
